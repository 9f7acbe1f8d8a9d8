/** What a page's views have in common: a view shows one way of using the page's model, such as drawing its input.
 * @module */
import type { Client } from "../client.ts";
import type { PageData } from "../page_data.ts";

/** What the page gives to its view. */
export interface PageContext {
  /** What the page knows of its model. */
  readonly data: PageData;
  /** Element that the view fills. */
  readonly root: HTMLElement;
  /** What the link that opened the page holds: the last value that a view passed to {@linkcode PageContext.keep}. It comes from
   * whoever made the link: check it. */
  readonly shared: unknown;
  /** The worker that computes; views use {@linkcode PageContext.ask}. */
  readonly client: Client;
  /** Asks the worker for something, as {@linkcode Client.ask}. The page says that the backend warms up until the first answer,
   * and then how long answers take. */
  ask<T>(method: string, ...args: unknown[]): Promise<T>;
  /** Says something in the status line, which screen readers read. Takes the place of an error. */
  say(text: string): void;
  /** Shows one line about an error. */
  fail(error: unknown): void;
  /** Remembers how to describe the view's state in a link. The function is called when the user wants a link, and returns a value
   * that JSON can hold, or `undefined` if a link cannot hold the state, such as a photo. */
  keep(state: () => unknown): void;
  /** The view's state, as the function that was passed to {@linkcode PageContext.keep} describes it. */
  state(): unknown;
}

/** Fills the page with one way of using its model. */
export type View = (page: PageContext) => void | Promise<void>;
