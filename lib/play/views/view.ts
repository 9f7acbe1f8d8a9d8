/** The interface between a page and its view. A view shows one use of the page's model, such as translation.
 * @module */
import type { Client } from "../client.ts";
import type { PageData } from "../page_data.ts";

/** What the page provides to its view. */
export interface PageContext {
  /** The page's data about its model. */
  readonly data: PageData;
  /** Element that the view fills. */
  readonly root: HTMLElement;
  /** State in the link that opened the page, as the view described it for {@linkcode PageContext.keep}. A link may come from
   * anyone, so the view must check the state. */
  readonly shared: unknown;
  /** The client of the worker. Views use {@linkcode PageContext.ask}. */
  readonly client: Client;
  /** Calls a method of the player in the worker, like {@linkcode Client.ask}. Until the first answer, the page shows that the
   * backend is warming up. Later, it shows the time per image. */
  ask<T>(method: string, ...args: unknown[]): Promise<T>;
  /** Shows text in the status line, which screen readers announce. The text replaces an error. */
  say(text: string): void;
  /** Shows one line about an error. */
  fail(error: unknown): void;
  /** Sets the function that describes the view's state for a link. When the user copies a link, the function returns a value that
   * can be written as JSON, or `undefined` if the state does not fit into a link, such as a photo. */
  keep(state: () => unknown): void;
  /** The view's state, as described by the function that was passed to {@linkcode PageContext.keep}. */
  state(): unknown;
}

/** Fills the page with the controls for one use of its model. */
export type View = (page: PageContext) => void | Promise<void>;
