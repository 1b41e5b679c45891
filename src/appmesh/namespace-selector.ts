import { nameProblem, NameSyntax } from '../platform/names';

/** Which namespaces a mesh or a gateway is for. */
export class NamespaceSelector {
  /** Every namespace of the cluster. */
  public static all(): NamespaceSelector {
    return new NamespaceSelector({});
  }

  /**
   * The namespaces that carry all of these labels.
   * @throws if there is no label; that would select every namespace.
   */
  public static labels(labels: { [key: string]: string }): NamespaceSelector {
    if (Object.keys(labels).length === 0) throw new Error('NamespaceSelector.labels: give at least one label; call all() for every namespace');
    return new NamespaceSelector(labels);
  }

  /**
   * The namespaces of these names.
   * @throws if there is none, or one is no DNS label.
   */
  public static named(...names: string[]): NamespaceSelector {
    if (names.length === 0) throw new Error('NamespaceSelector.named: give at least one namespace; call all() for every namespace');
    for (const name of names) {
      const problem = nameProblem(name, NameSyntax.LABEL);
      if (problem) throw new Error(`NamespaceSelector.named: ${problem}`);
    }
    return new NamespaceSelector({}, [...new Set(names)].sort());
  }

  private constructor(private readonly byLabels: Record<string, string>, private readonly names?: string[]) {}

  /** @internal */
  public get _labels(): Record<string, string> {
    return this.byLabels;
  }

  /** @internal */
  public _render(): { matchLabels?: Record<string, string>; matchExpressions?: { key: string; operator: string; values: string[] }[] } {
    // Kubernetes puts this label on every namespace by itself.
    if (this.names) return { matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'In', values: this.names }] };
    return Object.keys(this.byLabels).length === 0 ? {} : { matchLabels: this.byLabels };
  }

  /** @internal */
  public _selects(name: string, labels: Record<string, string>): boolean {
    if (this.names) return this.names.includes(name);
    return Object.entries(this.byLabels).every(([key, value]) => labels[key] === value);
  }

  /** @internal */
  public _describe(): string {
    if (this.names) return `the namespaces ${this.names.join(', ')}`;
    const labels = Object.entries(this.byLabels).map(([key, value]) => `${key}=${value}`);
    return labels.length === 0 ? 'every namespace' : `namespaces with ${labels.join(', ')}`;
  }
}
