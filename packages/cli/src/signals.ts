/** First SIGINT or SIGTERM: stop in order. Second: end at once. */
export function onStopSignals(first: (signal: NodeJS.Signals) => void, second: () => void): () => void {
  let count = 0;
  const listener = (signal: NodeJS.Signals): void => {
    count += 1;
    if (count === 1) first(signal);
    else second();
  };
  process.on('SIGINT', listener);
  process.on('SIGTERM', listener);
  return () => {
    process.off('SIGINT', listener);
    process.off('SIGTERM', listener);
  };
}
