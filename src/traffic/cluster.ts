import { isRecord, listOf, ReadObject, recordsOf } from './read/objects';

/** Labels of a selector. */
export type Labels = Readonly<Record<string, string>>;

/** A port that a container says it listens on. */
export interface ContainerPort {
  readonly name?: string;
  readonly number: number;
}

/** Pods of one template: those of a Deployment, a StatefulSet, …, or a Pod that nobody owns. */
export interface Workload {
  readonly object: ReadObject;
  readonly ref: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly podLabels: Labels;
  readonly podAnnotations: Labels;
  readonly podSpec: Record<string, any>;
  readonly ports: readonly ContainerPort[];
  /** JSON path of the pod template. */
  readonly at: string;
}

/** A port of a Service. */
export interface ClusterServicePort {
  readonly name?: string;
  readonly port: number;
  readonly targetPort?: number | string;
  readonly nodePort?: number;
  readonly protocol: string;
  readonly appProtocol?: string;
  readonly index: number;
}

/** A Service. */
export interface ClusterService {
  readonly object: ReadObject;
  readonly ref: string;
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly headless: boolean;
  readonly ports: readonly ClusterServicePort[];
  readonly selector?: Labels;
  readonly externalName?: string;
}

/** Everything that was read, indexed once: systems and rules share it. */
export class Cluster {
  private readonly byRef = new Map<string, ReadObject>();
  private readonly byKind = new Map<string, ReadObject[]>();
  private readonly workloadsByRef = new Map<string, Workload>();
  private readonly generatedByRef = new Map<string, string>();
  private readonly workloadsByLabel = new Map<string, Workload[]>();
  private readonly workloadsByNamespace = new Map<string, Workload[]>();
  private readonly servicesByRef = new Map<string, ClusterService>();
  private readonly selected = new Map<string, Workload[]>();
  private selecting?: Map<string, ClusterService[]>;

  public constructor(public readonly objects: readonly ReadObject[]) {
    for (const object of objects) {
      this.byRef.set(key(object.group, object.kind, object.namespace, object.name), object);
      add(this.byKind, `${object.group}/${object.kind}`, object);
      if (object.group === '' && object.kind === 'Service') {
        const service = readService(object);
        this.servicesByRef.set(`${service.namespace}/${service.name}`, service);
      }
    }
    const siblings = new Map<string, string>();
    for (const object of objects) {
      const workload = readWorkload(object);
      if (!workload) continue;
      const same = this.sameAs(object, siblings);
      if (same === undefined) this.addWorkload(workload);
      else this.generatedByRef.set(object.ref, same);
    }
  }

  /** The objects of a kind, in the order they were read. */
  public all(group: string, kind: string): readonly ReadObject[] {
    return this.byKind.get(`${group}/${kind}`) ?? [];
  }

  public find(group: string, kind: string, namespace: string, name: string): ReadObject | undefined {
    return this.byRef.get(key(group, kind, namespace, name));
  }

  /** Labels of a namespace, with the one that Kubernetes itself sets; undefined if the Namespace is not in the input. */
  public namespaceLabels(namespace: string): Labels | undefined {
    const object = this.find('', 'Namespace', '', namespace);
    return object && { 'kubernetes.io/metadata.name': namespace, ...object.labels };
  }

  public get services(): readonly ClusterService[] {
    return [...this.servicesByRef.values()];
  }

  public service(namespace: string, name: string): ClusterService | undefined {
    return this.servicesByRef.get(`${namespace}/${name}`);
  }

  /** A Service that some controller makes, known from what it watches. */
  public addGenerated(service: ClusterService): void {
    this.servicesByRef.set(`${service.namespace}/${service.name}`, service);
  }

  public get workloads(): readonly Workload[] {
    return [...this.workloadsByRef.values()];
  }

  /** A workload by `Kind/namespace/name`; of a Pod or ReplicaSet that a controller made, the controller. */
  public workload(ref: string): Workload | undefined {
    let found = ref;
    // Pod, Job and CronJob is as long as a chain gets; owners in a circle end here.
    for (let i = 0; i < 4 && this.generatedByRef.has(found); i++) found = this.generatedByRef.get(found)!;
    return this.workloadsByRef.get(found);
  }

  /** The workloads whose pods carry all labels of a selector; of any namespace if none is given. */
  public select(selector: Labels, namespace?: string): readonly Workload[] {
    const pairs = Object.entries(selector);
    if (pairs.length === 0) return namespace === undefined ? this.workloads : this.workloadsByNamespace.get(namespace) ?? [];
    const scope = namespace ?? '*';
    const cacheKey = JSON.stringify([scope, pairs]);
    let found = this.selected.get(cacheKey);
    if (!found) {
      const lists = pairs.map(([name, value]) => this.workloadsByLabel.get(`${scope}|${name}=${value}`) ?? []);
      const shortest = lists.reduce((a, b) => (b.length < a.length ? b : a));
      found = shortest.filter((workload) => pairs.every(([name, value]) => workload.podLabels[name] === value));
      this.selected.set(cacheKey, found);
    }
    return found;
  }

  /** The workloads behind a Service. */
  public behind(service: ClusterService): readonly Workload[] {
    return service.selector && Object.keys(service.selector).length > 0 ? this.select(service.selector, service.namespace) : [];
  }

  /** The Services that select the pods of a workload. */
  public servicesOf(workload: Workload): readonly ClusterService[] {
    if (!this.selecting) {
      this.selecting = new Map();
      for (const service of this.services) for (const each of this.behind(service)) add(this.selecting, each.ref, service);
    }
    return this.selecting.get(workload.ref) ?? [];
  }

  // Pods and ReplicaSets that a controller made are those of the controller's template; without the controller, one stands for all.
  private sameAs(object: ReadObject, siblings: Map<string, string>): string | undefined {
    const owner = recordsOf(object.raw.metadata?.ownerReferences).find((each) => each.controller === true);
    if (!owner || typeof owner.name !== 'string' || !isWorkloadKind(owner)) return undefined;
    const group = groupOf(owner.apiVersion);
    const written = (kind: string, name: string) => this.find(group, kind, object.namespace, name)?.ref;
    const hash = object.labels['pod-template-hash'];
    const made = owner.kind === 'ReplicaSet' && hash !== undefined && owner.name.endsWith(`-${hash}`)
      ? written('Deployment', owner.name.slice(0, -hash.length - 1))
      : owner.kind === 'Job' ? written('CronJob', owner.name.replace(/-\d+$/, '')) : undefined;
    const controller = written(owner.kind, owner.name) ?? made;
    if (controller !== undefined) return controller === object.ref ? undefined : controller;
    const family = `${object.kind}/${object.namespace}/${owner.kind}/${owner.name}`;
    const first = siblings.get(family);
    if (first === undefined) siblings.set(family, object.ref);
    return first;
  }

  private addWorkload(workload: Workload): void {
    this.workloadsByRef.set(workload.ref, workload);
    add(this.workloadsByNamespace, workload.namespace, workload);
    for (const [name, value] of Object.entries(workload.podLabels)) {
      add(this.workloadsByLabel, `${workload.namespace}|${name}=${value}`, workload);
      add(this.workloadsByLabel, `*|${name}=${value}`, workload);
    }
  }
}

function key(group: string, kind: string, namespace: string, name: string): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

function add<T>(map: Map<string, T[]>, at: string, value: T): void {
  const list = map.get(at);
  if (list) list.push(value);
  else map.set(at, [value]);
}

const TEMPLATES: Readonly<Record<string, { group: string[]; at: string[] }>> = {
  Deployment: { group: ['apps', 'extensions'], at: ['spec', 'template'] },
  StatefulSet: { group: ['apps'], at: ['spec', 'template'] },
  DaemonSet: { group: ['apps', 'extensions'], at: ['spec', 'template'] },
  ReplicaSet: { group: ['apps', 'extensions'], at: ['spec', 'template'] },
  ReplicationController: { group: [''], at: ['spec', 'template'] },
  Job: { group: ['batch'], at: ['spec', 'template'] },
  CronJob: { group: ['batch'], at: ['spec', 'jobTemplate', 'spec', 'template'] },
  Rollout: { group: ['argoproj.io'], at: ['spec', 'template'] },
  Pod: { group: [''], at: [] },
};

function groupOf(apiVersion: any): string {
  return typeof apiVersion === 'string' && apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '';
}

function isWorkloadKind(owner: Record<string, any>): boolean {
  return Object.hasOwn(TEMPLATES, owner.kind) && TEMPLATES[owner.kind].group.includes(groupOf(owner.apiVersion));
}

function readWorkload(object: ReadObject): Workload | undefined {
  const template = Object.hasOwn(TEMPLATES, object.kind) ? TEMPLATES[object.kind] : undefined;
  if (!template || !template.group.includes(object.group)) return undefined;
  let pod: any = object.raw;
  for (const step of template.at) pod = pod?.[step];
  if (!isRecord(pod)) pod = {};
  const podSpec = isRecord(pod.spec) ? pod.spec : {};
  const containers = [...recordsOf(podSpec.containers), ...recordsOf(podSpec.initContainers).filter((each) => each.restartPolicy === 'Always')];
  return {
    object,
    ref: object.ref,
    kind: object.kind,
    namespace: object.namespace,
    name: object.name,
    podLabels: strings(pod.metadata?.labels),
    podAnnotations: strings(pod.metadata?.annotations),
    podSpec,
    ports: containers.flatMap((container) => recordsOf(container.ports)
      .filter((port) => typeof port.containerPort === 'number')
      .map((port) => ({ name: typeof port.name === 'string' ? port.name : undefined, number: port.containerPort }))),
    at: template.at.join('.'),
  };
}

function readService(object: ReadObject): ClusterService {
  const spec = object.spec;
  return {
    object,
    ref: object.ref,
    namespace: object.namespace,
    name: object.name,
    type: typeof spec.type === 'string' ? spec.type : 'ClusterIP',
    headless: spec.clusterIP === 'None',
    ports: listOf(spec.ports).map((port, index) => ({ port, index })).filter(({ port }) => isRecord(port) && typeof port.port === 'number')
      .map(({ port, index }) => ({
        name: typeof port.name === 'string' && port.name !== '' ? port.name : undefined,
        port: port.port,
        targetPort: typeof port.targetPort === 'number' || typeof port.targetPort === 'string' ? port.targetPort : undefined,
        nodePort: typeof port.nodePort === 'number' ? port.nodePort : undefined,
        protocol: typeof port.protocol === 'string' ? port.protocol : 'TCP',
        appProtocol: typeof port.appProtocol === 'string' ? port.appProtocol : undefined,
        index,
      })),
    selector: isRecord(spec.selector) ? strings(spec.selector) : undefined,
    externalName: spec.type === 'ExternalName' && typeof spec.externalName === 'string' ? spec.externalName : undefined,
  };
}

function strings(value: any): Labels {
  if (!isRecord(value)) return {};
  return Object.fromEntries(Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'));
}

/** Whether labels satisfy a LabelSelector; an absent one selects nothing, an empty one everything. */
export function labelSelectorMatches(selector: any, labels: Labels): boolean {
  if (!isRecord(selector)) return false;
  for (const [name, value] of Object.entries(isRecord(selector.matchLabels) ? selector.matchLabels : {})) {
    if (labels[name] !== value) return false;
  }
  return recordsOf(selector.matchExpressions).every((expression) => {
    const value = labels[expression.key];
    switch (expression.operator) {
      case 'In': return value !== undefined && listOf(expression.values).includes(value);
      case 'NotIn': return value === undefined || !listOf(expression.values).includes(value);
      case 'Exists': return value !== undefined;
      case 'DoesNotExist': return value === undefined;
      default: return false;
    }
  });
}

/** Whether labels carry every pair of a plain selector. */
export function hasLabels(labels: Labels, selector: Labels): boolean {
  return Object.entries(selector).every(([name, value]) => labels[name] === value);
}
