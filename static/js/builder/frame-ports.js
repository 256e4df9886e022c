/** Whether a message says that the script in a frame of ours is ready for a port. */
export const isReady = (frame, { source, data }) => source === frame.contentWindow && data?.preview === 'ready';

/** Give a frame one end of a channel, and return the other. */
export function portTo(frame) {
  const { port1, port2 } = new MessageChannel();
  frame.contentWindow.postMessage({}, '*', [port2]);
  return port1;
}
