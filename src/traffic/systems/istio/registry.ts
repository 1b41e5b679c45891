import { mostSpecific } from './hosts';
import { Cluster, ClusterService, hasLabels, Workload } from '../../cluster';
import { Destination } from '../../network/action';
import { TrafficModelOptions } from '../../options';
import { isRecord, listOf, ReadObject, recordsOf } from '../../read/objects';

/** A port of a service, as Istio sees it. */
export interface IstioPort {
  readonly number: number;
  readonly name?: string;
  /** `http`, `tls`, `tcp`, or undefined where the proxy has to look at the bytes. */
  readonly protocol?: 'http' | 'tls' | 'tcp';
}

/** A service of Istio's registry: a Kubernetes Service or a host of a ServiceEntry. */
export interface IstioService {
  readonly host: string;
  readonly namespace: string;
  readonly ports: readonly IstioPort[];
  readonly service?: ClusterService;
  readonly entry?: ReadObject;
  /** The addresses of a ServiceEntry. */
  readonly addresses?: readonly string[];
  readonly exportTo: readonly string[];
}

/** What proxies know: services, and the DestinationRules for them. */
export class Registry {
  public readonly services: IstioService[] = [];
  private readonly byHost = new Map<string, IstioService[]>();
  private readonly wildcards: IstioService[] = [];
  private readonly rules: ReadObject[];

  public constructor(private readonly cluster: Cluster, private readonly options: TrafficModelOptions) {
    const domain = options.clusterDomain ?? 'cluster.local';
    for (const service of cluster.services) {
      this.add({
        host: `${service.name}.${service.namespace}.svc.${domain}`,
        namespace: service.namespace,
        ports: service.ports.map((port) => ({ number: port.port, name: port.name, protocol: protocolOf(port.name, port.appProtocol) })),
        service,
        exportTo: list(service.object.annotations['networking.istio.io/exportTo']),
      });
    }
    for (const entry of [...cluster.all('networking.istio.io', 'ServiceEntry')].sort(byCreation)) {
      for (const host of listOf(entry.spec.hosts).map(String)) {
        this.add({
          host,
          namespace: entry.namespace,
          ports: recordsOf(entry.spec.ports)
            .map((port) => ({ number: port.number, name: port.name, protocol: protocolOf(port.protocol ?? port.name, undefined) })),
          entry,
          addresses: listOf(entry.spec.addresses).map(String),
          exportTo: listOf(entry.spec.exportTo).map(String),
        });
      }
    }
    this.rules = [...cluster.all('networking.istio.io', 'DestinationRule')].sort(byCreation);
  }

  /** The service of a host that proxies of a namespace see: an exact one, else the most specific wildcard. The asking object's namespace comes first, then the proxy's. */
  public find(host: string, namespace: string, asking = namespace): IstioService | undefined {
    const exact = (this.byHost.get(host) ?? []).filter((each) => visible(each, namespace));
    const found = exact.find((each) => each.namespace === asking) ?? exact.find((each) => each.namespace === namespace) ?? exact[0];
    return found ?? mostSpecific(host, this.wildcards.filter((each) => visible(each, namespace)), (each) => each.host);
  }

  /** Where requests to a host of a ServiceEntry end: at the pods that it selects, else outside. */
  public endOf(service: IstioService, port: number, host: string): Destination {
    const selector = service.entry?.spec.workloadSelector?.labels;
    const outside: Destination = { kind: 'end', destination: { kind: 'Host', name: host, port } };
    if (!isRecord(selector)) return outside;
    const pods = this.cluster.select(selector as Record<string, string>, service.namespace);
    return { ...outside, assumption: pods.length > 0 ? undefined : `pods or WorkloadEntries exist that ${service.entry!.ref} selects` };
  }

  /** Why pods behind a service cannot speak mutual TLS: none of them has a sidecar. */
  public outsideMesh(service: IstioService): { why: string; assumption?: string } | undefined {
    const pods = service.service ? this.cluster.behind(service.service) : [];
    if (pods.length === 0 || pods.some((each) => hasSidecar(each, this.cluster) || isGatewayPod(each))) return undefined;
    const known = this.cluster.namespaceLabels(service.namespace) !== undefined;
    return { why: `its pods (${pods.map((each) => each.ref).join(', ')}) have no sidecar`, assumption: known ? undefined : `namespace ${service.namespace} has no label for sidecar injection` };
  }

  /** The DestinationRule that a proxy of a namespace applies to a service: its own, the service's, the root's. */
  public destinationRule(service: IstioService, proxy: { namespace: string; labels: Readonly<Record<string, string>> }): ReadObject | undefined {
    const root = this.options.istio?.rootNamespace ?? 'istio-system';
    const namespaces = [...(proxy.namespace === root ? [] : [proxy.namespace]), service.namespace, root];
    for (const namespace of namespaces) {
      const candidates = this.rules.filter((rule) => rule.namespace === namespace && exported(rule, proxy.namespace)
        && (rule.spec.workloadSelector === undefined
          || (namespace === proxy.namespace && hasLabels(proxy.labels, rule.spec.workloadSelector.matchLabels ?? {}))));
      const found = mostSpecific(service.host, candidates, (rule) => this.ruleHost(rule));
      if (found) return found;
    }
    return undefined;
  }

  /** Every DestinationRule whose host covers a service and that names a subset, for what is merged from several. */
  public subset(service: IstioService, proxy: { namespace: string; labels: Readonly<Record<string, string>> }, name: string): Record<string, any> | undefined {
    const rule = this.destinationRule(service, proxy);
    const same = rule ? this.rules.filter((each) => each.namespace === rule.namespace && this.ruleHost(each) === this.ruleHost(rule)) : [];
    return same.flatMap((each) => recordsOf(each.spec.subsets)).find((subset) => subset.name === name);
  }

  private ruleHost(rule: ReadObject): string {
    const host = String(rule.spec.host ?? '');
    return host.includes('.') || host.includes('*') ? host : `${host}.${rule.namespace}.svc.${this.options.clusterDomain ?? 'cluster.local'}`;
  }

  private add(service: IstioService): void {
    this.services.push(service);
    if (service.host.startsWith('*')) {
      this.wildcards.push(service);
      return;
    }
    const same = this.byHost.get(service.host);
    if (same) same.push(service);
    else this.byHost.set(service.host, [service]);
  }
}

function visible(service: IstioService, namespace: string): boolean {
  return visibleTo(service.exportTo, service.namespace, namespace);
}

/** Whether a list of `exportTo` shows an object to a namespace; an empty one shows it to all. */
export function visibleTo(exportTo: readonly string[], own: string, namespace: string): boolean {
  if (exportTo.length === 0) return true;
  if (exportTo.includes('~')) return false;
  return exportTo.some((entry) => entry === '*' || entry === namespace || (entry === '.' && own === namespace));
}

export function exported(object: ReadObject, namespace: string): boolean {
  return visibleTo(listOf(object.spec.exportTo).map(String), object.namespace, namespace);
}

function list(value: string | undefined): string[] {
  return (value ?? '').split(',').map((each) => each.trim()).filter((each) => each !== '');
}

function protocolOf(name: string | undefined, appProtocol: string | undefined): IstioPort['protocol'] {
  const text = String(appProtocol ?? name ?? '').toLowerCase();
  if (text === 'kubernetes.io/h2c' || text === 'kubernetes.io/ws') return 'http';
  if (text === 'kubernetes.io/wss') return 'tls';
  const first = text.startsWith('grpc-web') ? 'grpc-web' : text.split('-')[0];
  if (['http', 'http2', 'grpc', 'grpc-web', 'http_proxy'].includes(first)) return 'http';
  if (['https', 'tls'].includes(first)) return 'tls';
  if (['tcp', 'mongo', 'redis', 'mysql', 'udp'].includes(first)) return 'tcp';
  return undefined;
}

/** Older objects first; of the same age by name, then by namespace. */
export function byCreation(a: ReadObject, b: ReadObject): number {
  return (a.created ?? 0) - (b.created ?? 0) || compare(a.name, b.name) || compare(a.namespace, b.namespace);
}

/** Whether creation times say which of two objects comes first; where both are known and equal, names do. */
export function creationDecides(a: ReadObject, b: ReadObject): boolean {
  return a.ref === b.ref || (a.created !== undefined && b.created !== undefined);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Whether Istio's webhook puts a sidecar into the pods of a workload. */
export function hasSidecar(workload: Workload, cluster: Cluster): boolean {
  if (isGatewayPod(workload)) return false;
  const pod = workload.podLabels['sidecar.istio.io/inject'] ?? workload.podAnnotations['sidecar.istio.io/inject'];
  if (pod === 'false' || workload.podSpec.hostNetwork === true) return false;
  const labels = cluster.namespaceLabels(workload.namespace) ?? {};
  if (labels['istio-injection'] === 'disabled') return false;
  if (labels['istio-injection'] === 'enabled' || labels['istio.io/rev'] !== undefined) return true;
  return pod === 'true' || workload.podLabels['istio.io/rev'] !== undefined;
}

/** Whether the pods are a gateway: the injector completes them from its gateway template, or they bring the proxy themselves. */
export function isGatewayPod(workload: Workload): boolean {
  if ((workload.podAnnotations['inject.istio.io/templates'] ?? '').split(',').map((each) => each.trim()).includes('gateway')) return true;
  return recordsOf(workload.podSpec.containers).some((container) => container.name === 'istio-proxy' && recordsOf(workload.podSpec.containers).length === 1);
}

