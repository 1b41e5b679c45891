import { Duration } from 'cdk8s';
import { EXTERNAL_DNS_HOSTNAME, externalDnsValue, noteDnsRecords } from './external-dns';
import { GatewayEdge } from './gateway-edge';
import { LoadBalancerVariant, READY_PATH } from './load-balancer-variant';
import { AlbBackend } from '../aws/alb-backend';
import { AlbCondition } from '../aws/alb-condition';
import { AlbIngress, AlbIngressProps } from '../aws/alb-ingress';
import { AlbBackendProtocol, AlbHealthCheck, AlbProtocolVersion, AlbSettings, AlbTargetType } from '../aws/alb-settings';
import { Prerequisites } from '../platform/prerequisites';
import { ServiceType } from '../platform/service';

/** Options of an Application Load Balancer before a gateway. */
export interface AlbOptions extends AlbSettings {
  /** The ARNs of the certificates in ACM, at least one; the first is shown to clients that name no host. */
  readonly certificates: string[];
  /**
   * Whether port 80 redirects to HTTPS; otherwise nothing listens there.
   * @default true
   */
  readonly redirectHttp?: boolean;
  /**
   * Whether gRPC calls come, too. They get a rule before the others, whose targets are spoken to in HTTP/2.
   * @default false; a route for gRPC is an error then
   */
  readonly grpc?: boolean;
  /**
   * Whether ExternalDNS makes the DNS records of the routes' hosts.
   * @default false; the records are among the prerequisites
   */
  readonly externalDns?: boolean;
  /**
   * The class, which has to belong to the AWS Load Balancer Controller.
   * @default 'alb'
   */
  readonly ingressClassName?: string;
}

const DEREGISTRATION = Duration.seconds(30);

export function albVariant(options: AlbOptions): LoadBalancerVariant {
  if (options.certificates.length === 0) {
    throw new Error('LoadBalancer.alb: certificates must name at least one certificate, since clients are served over TLS only');
  }
  const tls = options.backendProtocol === AlbBackendProtocol.HTTPS;
  const instances = options.targetType === AlbTargetType.INSTANCE;
  return {
    demands: () => ({
      serviceType: instances ? ServiceType.NODE_PORT : ServiceType.CLUSTER_IP,
      serviceAnnotations: {},
      backend: tls ? 'https' : 'http',
      deregistrationSeconds: (options.deregistrationDelay ?? DEREGISTRATION).toSeconds(),
      forwardsProto: true,
      trustedProxies: 1,
    }),
    attach: (edge) => attach(edge, options, tls, instances),
  };
}

function attach(edge: GatewayEdge, options: AlbOptions, tls: boolean, instances: boolean): void {
  const backend = AlbBackend.serviceNamed(edge.serviceName, (tls ? edge.httpsPort : edge.httpPort).port);
  const healthCheck: AlbHealthCheck = {
    path: READY_PATH,
    // With instance targets the number would be one of the nodes; by name the controller finds the node port.
    port: instances ? edge.statusPort.name : edge.statusPort.targetPort,
    protocol: AlbBackendProtocol.HTTP,
  };
  const { grpc, externalDns, ...settings } = options;
  const props: AlbIngressProps = {
    ...settings,
    deregistrationDelay: options.deregistrationDelay ?? DEREGISTRATION,
    // Groups are known across namespaces, gateways only within theirs.
    groupName: options.groupName ?? (grpc ? `${edge.namespace}.${edge.name}` : undefined),
    name: edge.name,
    namespace: edge.namespace,
    healthCheck,
  };
  const ingress = new AlbIngress(edge.scope, 'Ingress', { ...props, rules: [{ backend }] });
  if (grpc) {
    new AlbIngress(edge.scope, 'GrpcIngress', {
      ...props,
      name: `${edge.name}-grpc`,
      joinsGroup: true,
      groupOrder: (options.groupOrder ?? 0) - 1,
      protocolVersion: AlbProtocolVersion.HTTP2,
      rules: [{ backend: backend.when(AlbCondition.header('content-type', 'application/grpc*')) }],
    });
  } else {
    edge.scope.node.addValidation({
      validate: () => (edge.grpc() ? [`${ingress.reference}: a route speaks gRPC, which the load balancer would answer with 464; set \`grpc: true\` in LoadBalancer.alb`] : []),
    });
  }
  if (externalDns) ingress.apiObject.metadata.addAnnotation(EXTERNAL_DNS_HOSTNAME, externalDnsValue(edge));
  noteDnsRecords(edge, ingress.reference, {
    externalDns,
    command: `kubectl get ingress ${edge.name} --namespace ${edge.namespace}   # its hostname is the target of an alias record`,
  });
  notePrerequisites(edge, ingress, options);
}

function notePrerequisites(edge: GatewayEdge, ingress: AlbIngress, options: AlbOptions): void {
  const prerequisites = Prerequisites.of(edge.scope);
  const reliedOnBy = [ingress.reference];
  prerequisites.add({
    kind: 'IngressClass',
    value: options.ingressClassName ?? 'alb',
    purpose: 'lets the AWS Load Balancer Controller make load balancers from Ingresses',
    command: 'helm install aws-load-balancer-controller aws-load-balancer-controller --repo https://aws.github.io/eks-charts --namespace kube-system --set clusterName=<cluster>',
    reliedOnBy,
  });
  for (const arn of options.certificates) {
    prerequisites.add({
      kind: 'Certificate',
      value: arn,
      purpose: 'is what the load balancer shows to clients; it has to cover the hosts',
      command: 'aws acm request-certificate --domain-name <host> --validation-method DNS',
      reliedOnBy,
    });
  }
  if (options.webAcl !== undefined) {
    const name = options.webAcl.split('/').slice(-2)[0];
    prerequisites.add({
      kind: 'WAF ACL',
      value: options.webAcl,
      purpose: 'is the firewall that every request passes',
      command: `aws wafv2 create-web-acl --scope REGIONAL --name ${name} --default-action Allow={} --visibility-config SampledRequestsEnabled=true,CloudWatchMetricsEnabled=true,MetricName=${name} --rules file://rules.json`,
      reliedOnBy,
    });
  }
  if (options.accessLogs) {
    prerequisites.add({
      kind: 'S3 bucket',
      value: options.accessLogs.bucket,
      purpose: 'takes the access logs; its policy lets Elastic Load Balancing write',
      command: `aws s3api create-bucket --bucket ${options.accessLogs.bucket} --create-bucket-configuration LocationConstraint=<region>`,
      reliedOnBy,
    });
  }
}
