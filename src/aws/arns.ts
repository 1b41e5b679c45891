/* What AWS names look like, so that a typo is found before the controller meets it. */

const ACCOUNT = '\\d{12}';
const PARTITION = 'aws[a-z-]*';
const REGION = '[a-z]{2}(?:-[a-z]+)+-\\d';
const ACM = new RegExp(`^arn:${PARTITION}:acm:(${REGION}):${ACCOUNT}:certificate/[\\w-]+$`);
const IAM_CERTIFICATE = new RegExp(`^arn:${PARTITION}:iam::${ACCOUNT}:server-certificate/[\\w+=,.@/-]+$`);
const WEB_ACL = new RegExp(`^arn:${PARTITION}:wafv2:(${REGION}):${ACCOUNT}:(regional|global)/webacl/[\\w-]+/[\\w-]+$`);

/** Says what is wrong with the ARN of a certificate, or undefined if nothing is. */
export function certificateArnProblem(arn: string): string | undefined {
  if (ACM.test(arn) || IAM_CERTIFICATE.test(arn)) return undefined;
  return `a certificate is written arn:aws:acm:<region>:<12 digits>:certificate/<id>, got "${arn}"`;
}

/** Says what is wrong with the ARN of a web ACL, or undefined if nothing is. */
export function webAclArnProblem(arn: string): string | undefined {
  const match = WEB_ACL.exec(arn);
  if (!match) return `a web ACL is written arn:aws:wafv2:<region>:<12 digits>:regional/webacl/<name>/<id>, got "${arn}"`;
  if (match[2] === 'global') return `a load balancer takes a regional web ACL, got the one of CloudFront "${arn}"`;
  return undefined;
}

/** The region that an ARN names, or undefined for a global one. */
export function regionOfArn(arn: string): string | undefined {
  return arn.split(':')[3] || undefined;
}
