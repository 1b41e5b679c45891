/** One field of a log line in JSON. */
export interface AccessLogField {
  /** The key. */
  readonly key: string;
  /** The value, with Envoy's command operators, such as `%RESPONSE_CODE%`. */
  readonly value: string;
}

/** How a log line looks. */
export class AccessLogFormat {
  /**
   * A line of text with Envoy's command operators.
   * @throws if it is empty
   */
  public static text(pattern: string): AccessLogFormat {
    if (pattern === '') throw new Error('AccessLogFormat.text: the pattern must not be empty');
    return new AccessLogFormat({ text: pattern });
  }

  /**
   * A JSON object.
   * @throws if there is no field, or a field is given twice
   */
  public static json(...fields: AccessLogField[]): AccessLogFormat {
    if (fields.length === 0) throw new Error('AccessLogFormat.json: give at least one field');
    const keys = new Set<string>();
    for (const { key } of fields) {
      if (keys.has(key)) throw new Error(`AccessLogFormat.json: the key "${key}" is given twice`);
      keys.add(key);
    }
    return new AccessLogFormat({ json: fields.map(({ key, value }) => ({ key, value })) });
  }

  private constructor(private readonly wire: any) {}

  /** @internal */
  public _render(): any {
    return this.wire;
  }
}

/** Where an Envoy writes a line per request. */
export class AccessLog {
  /** To the container's output. */
  public static stdout(format?: AccessLogFormat): AccessLog {
    return AccessLog.file('/dev/stdout', format);
  }

  /**
   * To a file in the Envoy container.
   * @throws if the path is not absolute
   */
  public static file(path: string, format?: AccessLogFormat): AccessLog {
    if (!path.startsWith('/')) throw new Error(`AccessLog.file: a path in the Envoy container begins with "/", got "${path}"`);
    return new AccessLog(path, format);
  }

  private constructor(private readonly path: string, private readonly format?: AccessLogFormat) {}

  /** @internal */
  public _render(): any {
    return { accessLog: { file: { path: this.path, format: this.format?._render() } } };
  }
}
