import { Size } from 'cdk8s';

/** A size as Kubernetes writes it. */
export function quantityOf(size: Size): string {
  const kibibytes = size.toKibibytes();
  return kibibytes % 1024 === 0 ? `${kibibytes / 1024}Mi` : `${kibibytes}Ki`;
}
