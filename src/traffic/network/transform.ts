import { Origin } from './origin';
import { replaceAll } from './regex';
import { Request } from './request';

/** A value that may take something from the request: literal parts, request headers, and what nobody can tell beforehand. */
export type Template = readonly (string | { readonly header: string } | { readonly unknown: string })[];

/** One change that a hop makes to a request. */
export type Transform = { readonly origin: Origin } & (
  | { readonly kind: 'setHeader' | 'addHeader'; readonly name: string; readonly value: Template }
  | { readonly kind: 'removeHeader'; readonly name: string }
  | { readonly kind: 'setHost'; readonly host: Template }
  /** Replaces the bytes of the prefix only. */
  | { readonly kind: 'replacePrefix'; readonly prefix: string; readonly replacement: string; readonly mergeSlashes?: boolean }
  /** Replaces whole segments and leaves exactly one slash between what is put and what stays. */
  | { readonly kind: 'replaceSegments'; readonly prefix: string; readonly replacement: string }
  | { readonly kind: 'replacePath'; readonly path: string }
  | { readonly kind: 'replaceRegex'; readonly regex: string; readonly substitution: string; readonly of?: 'path' | 'host' }
  | { readonly kind: 'custom'; readonly text: string; readonly apply: (request: Request) => Request }
);

export function literal(text: string): Template {
  return [String(text)];
}

export function fill(template: Template, request: Request): string {
  return template.map((part) => {
    if (typeof part === 'string') return part;
    return 'header' in part ? request.header(part.header) ?? '' : `<${part.unknown}>`;
  }).join('');
}

export function applyTransform(transform: Transform, request: Request): Request {
  switch (transform.kind) {
    case 'setHeader': return request.withHeader(transform.name, fill(transform.value, request));
    case 'addHeader': return request.addHeader(transform.name, fill(transform.value, request));
    case 'removeHeader': return request.withoutHeader(transform.name);
    case 'setHost': {
      const host = fill(transform.host, request);
      return host === '' ? request : request.with({ host });
    }
    case 'replacePrefix': {
      if (!request.path.startsWith(transform.prefix)) return request;
      const path = transform.replacement + request.path.slice(transform.prefix.length);
      return request.with(splitPath(transform.mergeSlashes ? path.replace(/\/{2,}/g, '/') : path, request));
    }
    case 'replaceSegments': {
      const rest = request.path.slice(transform.prefix.replace(/\/$/, '').length).replace(/^\//, '');
      const base = transform.replacement.replace(/\/$/, '');
      return request.with({ path: rest === '' && transform.replacement !== '' && !request.path.endsWith('/') ? transform.replacement || '/' : `${base}/${rest}` });
    }
    case 'replacePath': return request.with(splitPath(transform.path, request));
    case 'replaceRegex':
      return transform.of === 'host'
        ? request.with({ host: replaceAll(transform.regex, request.host, transform.substitution) })
        : request.with(splitPath(replaceAll(transform.regex, request.path, transform.substitution), request));
    case 'custom': return transform.apply(request);
  }
}

// A replacement may bring a query of its own, which then precedes the request's.
function splitPath(text: string, request: Request): { path: string; query?: string } {
  const path = String(text);
  const [bare, ...query] = path.split('?');
  if (query.length === 0) return { path, query: request.query };
  return { path: bare, query: [query.join('?'), ...(request.query === undefined ? [] : [request.query])].join('&') };
}

export function transformText(transform: Transform): string {
  switch (transform.kind) {
    case 'setHeader': return `sets header ${transform.name}`;
    case 'addHeader': return `adds header ${transform.name}`;
    case 'removeHeader': return `removes header ${transform.name}`;
    case 'setHost': return `sets Host to ${transform.host.map((part) => (typeof part === 'string' ? part : 'header' in part ? `header ${part.header}` : part.unknown)).join('')}`;
    case 'replacePrefix':
    case 'replaceSegments': return `replaces prefix ${transform.prefix} by ${transform.replacement || 'nothing'}`;
    case 'replacePath': return `replaces the path by ${transform.path}`;
    case 'replaceRegex': return `replaces ${transform.regex} by ${transform.substitution}`;
    case 'custom': return transform.text;
  }
}
