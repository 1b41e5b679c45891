/** Whether a text is a duration as Go writes it: `300ms`, `1h15m`. */
export function isDuration(text: string): boolean {
  return text === '0' || /^[-+]?((\d+(\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h))+$/.test(text);
}

/** Whether a text is a timeout: a duration, nothing, or `infinity`. */
export function isTimeout(value: unknown): boolean {
  return value === undefined || value === '' || (typeof value === 'string' && (value === 'infinity' || value === 'infinite' || isDuration(value)));
}

/** The timeout that applies: what is written, unless it leaves the default in force. */
export function timeoutOr(value: unknown, byDefault: string): string {
  return typeof value === 'string' && value !== '' && !/^[-+]?0(\.0*)?([a-zµμ]+)?$/.test(value) ? value : byDefault;
}
