import type { Outcome, Trace, TrafficDestination, TrafficHop } from '../trace';

/** `Service/web/shop:80 subset v1`, for texts. */
export function destinationText(destination: TrafficDestination): string {
  const name = destination.kind === 'Host' ? destination.name : `${destination.kind}/${destination.namespace ?? ''}/${destination.name}`;
  return `${name}${destination.port === undefined ? '' : `:${destination.port}`}${destination.subset ? ` subset ${destination.subset}` : ''}`;
}

/** `delivered to Service/web/shop:80`, `answered 404`, … */
export function outcomeText(outcome: Outcome): string {
  switch (`${outcome.kind}`) {
    case 'delivered': return `delivered to ${destinationText(outcome.destination!)}`;
    case 'redirected': return `redirected with ${outcome.status} to ${outcome.location}`;
    case 'responded': return outcome.status === undefined ? 'answered by a proxy' : `answered ${outcome.status} by a proxy`;
    case 'refused': return 'refused';
    default: return 'undetermined';
  }
}

/** `70%`. */
export function percentText(share: number): string {
  return `${Number((share * 100).toFixed(2))}%`;
}

/** A trace for people: what they asked, what becomes of it, and the way step by step; what several ways share is said once. */
export function traceText(trace: Trace): string {
  const lines = [...questionText(trace)];
  const { outcomes } = trace;
  if (outcomes.length === 1) {
    lines[0] += ` is ${outcomeText(outcomes[0])}${doubt(outcomes[0])}`;
    lines.push('', ...stepsText(outcomes[0].hops, 0), ...detailsText(outcomes[0], ''));
  } else {
    lines[0] += ` goes ${outcomes.length} ways`;
    const shared = sharedSteps(outcomes);
    if (shared > 0) lines.push('', ...stepsText(outcomes[0].hops.slice(0, shared), 0));
    for (const outcome of outcomes) {
      lines.push('', `${percentText(outcome.share)} is ${outcomeText(outcome)}${doubt(outcome)}`);
      lines.push(...stepsText(outcome.hops.slice(shared), shared), ...detailsText(outcome, '  '));
    }
  }
  for (const mirror of trace.mirrors) lines.push('', `A copy goes to ${destinationText(mirror)}`);
  return lines.join('\n');
}

function questionText({ request }: Trace): string[] {
  const method = request.method ?? (/^grpc/i.test(request.url) ? 'POST' : 'GET');
  const way = [request.from === undefined ? '' : ` from ${request.from}`, request.entry === undefined ? '' : ` at ${request.entry}`].join('');
  return [`${method} ${request.url}${way}`, ...Object.entries(request.headers ?? {}).map(([name, value]) => `  ${name}: ${value}`)];
}

function doubt(outcome: Outcome): string {
  return `${outcome.certainty}` === 'assumed' ? ' (assumed)' : '';
}

function stepsText(hops: readonly TrafficHop[], before: number): string[] {
  return hops.map((hop, i) => `  ${before + i + 1}. ${hop.object}${hop.at ? ` ${hop.at}` : ''}: ${hop.does}`);
}

function detailsText(outcome: Outcome, indent: string): string[] {
  const lines: string[] = [];
  if (outcome.request) {
    const { method, scheme, host, path, headers } = outcome.request;
    lines.push(`${indent}It arrives as ${method} ${scheme}://${host}${path}`);
    for (const [name, value] of Object.entries(headers)) lines.push(`${indent}  ${name}: ${value}`);
  }
  for (const policy of outcome.policies) lines.push(`${indent}Under way: ${POLICY_WORDS[policy.name] ?? policy.name} ${policy.value} (${policy.object}${policy.at ? ` ${policy.at}` : ''})`);
  for (const assumption of outcome.assumptions) lines.push(`${indent}Assuming that ${assumption}`);
  return lines.length === 0 || indent !== '' ? lines : ['', ...lines];
}

const POLICY_WORDS: { readonly [name: string]: string } = { idleTimeout: 'idle timeout', upstreamTls: 'TLS to the destination', responseHeaders: 'the response' };

// Steps that all ways have in common.
function sharedSteps(outcomes: readonly Outcome[]): number {
  const [first, ...others] = outcomes.map((outcome) => outcome.hops);
  let shared = 0;
  while (shared < first.length && others.every((hops) => shared < hops.length && sameStep(hops[shared], first[shared]))) shared++;
  return shared;
}

function sameStep(a: TrafficHop, b: TrafficHop): boolean {
  return a.object === b.object && a.at === b.at && a.does === b.does;
}
