import { PortMapping } from './protocol';

/** `8080 (http)`, for messages. */
export function portMappingText(mappings: PortMapping[]): string {
  return mappings.map(({ port, protocol }) => `${port} (${protocol})`).join(', ') || 'none';
}
