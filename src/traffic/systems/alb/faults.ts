import { Origin } from '../../network/origin';

/** Something that keeps a whole group from being built. */
export interface AlbFault {
  readonly origin: Origin;
  readonly message: string;
}
