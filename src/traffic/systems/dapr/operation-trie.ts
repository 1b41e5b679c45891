import { globMatches } from '../../network/match';

interface Node<T> {
  readonly segment: string;
  data?: T;
  readonly nodes: Node<T>[];
}

/**
 * The operations of an access control policy, found as daprd finds them: segment by segment, in the order they were
 * written, without going back. An operation that ends on the way takes everything below it.
 */
export class OperationTrie<T> {
  private readonly root: Node<T> = { segment: '/', nodes: [] };

  /** The first of two equal operations counts. */
  public put(operation: string, data: T): void {
    let node = this.root;
    for (const segment of segmentsOf(operation)) {
      let next = node.nodes.find((each) => each.segment === segment);
      if (!next) node.nodes.push(next = { segment, nodes: [] });
      node = next;
    }
    node.data ??= data;
  }

  public search(operation: string): T | undefined {
    const segments = segmentsOf(operation);
    let node: Node<T> | undefined = this.root;
    for (const [i, segment] of segments.entries()) {
      const isEnd: boolean = i === segments.length - 1;
      node = findNode(segment, node.nodes, isEnd);
      if (!node) return undefined;
      if (node.data !== undefined && (isEnd || node.segment !== '/*')) return node.data;
      // `/a/*` and `/a/**` take `/a` too.
      if (node.data === undefined && isEnd) return findNode('/*', node.nodes, true)?.data;
    }
    return undefined;
  }
}

// `/*` stands for the last segment only, `/**` for any rest, and `*` within a segment for any run of characters.
function findNode<T>(segment: string, nodes: readonly Node<T>[], isEnd: boolean): Node<T> | undefined {
  return nodes.find((node) => {
    if (node.segment === segment || node.segment === '/**') return true;
    if (node.segment === '/*') return isEnd;
    return !/\?/.test(node.segment) && globMatches(node.segment, segment, false);
  });
}

function segmentsOf(operation: string): string[] {
  return operation.split('/').slice(1).map((segment) => `/${segment}`);
}
