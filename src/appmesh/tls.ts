import { alternativeNames } from './listener-rendering';

/** The certificate that an Envoy shows. */
export class TlsCertificate {
  /**
   * A certificate of AWS Certificate Manager. Only listeners take it; a client cannot show it.
   * @throws if it is no certificate ARN
   */
  public static acm(certificateArn: string): TlsCertificate {
    if (!/^arn:aws[a-z-]*:acm:[a-z0-9-]+:\d{12}:certificate\/.+$/.test(certificateArn)) {
      throw new Error(`TlsCertificate.acm: a certificate ARN is written arn:aws:acm:<region>:<account>:certificate/<id>, got "${certificateArn}"`);
    }
    return new TlsCertificate({ acm: { certificateArn } });
  }

  /** Files in the Envoy container. */
  public static file(certificateChain: string, privateKey: string): MutualTlsCertificate {
    return MutualTlsCertificate._of({
      file: { certificateChain: filePath('TlsCertificate.file', certificateChain), privateKey: filePath('TlsCertificate.file', privateKey) },
    });
  }

  /** A secret of the secret discovery service; the controller has to run with it switched on. */
  public static sds(secretName: string): MutualTlsCertificate {
    return MutualTlsCertificate._of({ sds: { secretName: nonEmpty('TlsCertificate.sds', secretName) } });
  }

  /** @internal */
  protected constructor(private readonly rendered: any) {}

  /** @internal */
  public _render(): any {
    return this.rendered;
  }
}

/** A certificate that a client can show as well. */
export class MutualTlsCertificate extends TlsCertificate {
  /** @internal */
  public static _of(rendered: any): MutualTlsCertificate {
    return new MutualTlsCertificate(rendered);
  }

  /** Tells this class from its parent in languages that compare types by their members. */
  protected readonly mutual = true;
}

/** Whom an Envoy believes. */
export class TlsTrust {
  /**
   * Certificate authorities of AWS Private CA, 1 to 3. Only clients take them.
   * @throws if there are none, too many, or one is no authority's ARN
   */
  public static acm(...certificateAuthorityArns: string[]): TlsTrust {
    if (certificateAuthorityArns.length < 1 || certificateAuthorityArns.length > 3) {
      throw new Error(`TlsTrust.acm: takes 1 to 3 certificate authorities, got ${certificateAuthorityArns.length}`);
    }
    for (const arn of certificateAuthorityArns) {
      if (!/^arn:aws[a-z-]*:acm-pca:[a-z0-9-]+:\d{12}:certificate-authority\/.+$/.test(arn)) {
        throw new Error(`TlsTrust.acm: an authority's ARN is written arn:aws:acm-pca:<region>:<account>:certificate-authority/<id>, got "${arn}"`);
      }
    }
    return new TlsTrust({ acm: { certificateAuthorityArNs: certificateAuthorityArns } });
  }

  /** A file of authorities in the Envoy container. */
  public static file(certificateChain: string): MutualTlsTrust {
    return MutualTlsTrust._of({ file: { certificateChain: filePath('TlsTrust.file', certificateChain) } });
  }

  /** A secret of the secret discovery service; the controller has to run with it switched on. */
  public static sds(secretName: string): MutualTlsTrust {
    return MutualTlsTrust._of({ sds: { secretName: nonEmpty('TlsTrust.sds', secretName) } });
  }

  /** @internal */
  protected constructor(private readonly rendered: any) {}

  /** @internal */
  public _render(): any {
    return this.rendered;
  }
}

/** Trust that a listener can have in its clients as well. */
export class MutualTlsTrust extends TlsTrust {
  /** @internal */
  public static _of(rendered: any): MutualTlsTrust {
    return new MutualTlsTrust(rendered);
  }

  /** Tells this class from its parent in languages that compare types by their members. */
  protected readonly mutual = true;
}

/** How a listener looks at the certificates of its clients. */
export interface MutualTlsValidation {
  /** Whom it believes. */
  readonly trust: MutualTlsTrust;
  /**
   * The names of which one has to stand in the certificate.
   * @default - any
   */
  readonly subjectAlternativeNames?: string[];
}

/** Options of TLS at a listener. */
export interface ListenerTlsOptions {
  /** The certificate that the listener shows. */
  readonly certificate: TlsCertificate;
  /**
   * Asks clients for a certificate too.
   * @default - clients need none
   */
  readonly mutualTlsValidation?: MutualTlsValidation;
}

/** TLS at a listener. */
export class ListenerTls {
  /** Only TLS. */
  public static strict(options: ListenerTlsOptions): ListenerTls {
    return new ListenerTls('STRICT', options);
  }

  /** TLS and plain text, for the time of a change. */
  public static permissive(options: ListenerTlsOptions): ListenerTls {
    return new ListenerTls('PERMISSIVE', options);
  }

  /** Plain text, though a certificate is there. */
  public static disabled(options: ListenerTlsOptions): ListenerTls {
    return new ListenerTls('DISABLED', options);
  }

  private constructor(private readonly mode: string, private readonly options: ListenerTlsOptions) {}

  /** @internal */
  public get _strict(): boolean {
    return this.mode === 'STRICT';
  }

  /** @internal */
  public _render(): any {
    const validation = this.options.mutualTlsValidation;
    return {
      mode: this.mode,
      certificate: this.options.certificate._render(),
      validation: validation && { trust: validation.trust._render(), subjectAlternativeNames: alternativeNames(validation.subjectAlternativeNames) },
    };
  }
}

/** How a client speaks TLS to its backends. */
export interface TlsClientPolicy {
  /** Whom the client believes. */
  readonly trust: TlsTrust;
  /**
   * The names of which one has to stand in the backend's certificate.
   * @default - any
   */
  readonly subjectAlternativeNames?: string[];
  /**
   * Whether a backend without TLS is refused.
   * @default true
   */
  readonly enforce?: boolean;
  /**
   * The ports that the policy is for.
   * @default - all
   */
  readonly ports?: number[];
  /**
   * The certificate that the client shows.
   * @default - none
   */
  readonly certificate?: MutualTlsCertificate;
}

function filePath(who: string, path: string): string {
  if (!path.startsWith('/')) throw new Error(`${who}: a path in the Envoy container begins with "/", got "${path}"`);
  return path;
}

function nonEmpty(who: string, name: string): string {
  if (name === '') throw new Error(`${who}: secretName must not be empty`);
  return name;
}
