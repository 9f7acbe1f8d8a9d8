/** Lets a browser process events.
 * @module */

/** Runs a function after pending events. A timer would wait for at least 4 ms. */
export function afterEvents(work: () => void): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    work();
  };
  port2.postMessage(undefined);
}
