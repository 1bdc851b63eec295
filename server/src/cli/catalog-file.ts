/** The catalog's file, opened when first asked for and read part by part. Counts its reads for `--stats`. */
import { existsSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type Catalog, openCatalog } from '../catalog/catalog.ts';

/** A catalog that is opened by the first call of `catalog`; `reads` and `bytes` say what that cost so far. */
export interface CatalogFile {
  readonly catalog: () => Catalog;
  readonly cost: () => { readonly reads: number; readonly bytes: number };
}

/** The catalog beside the bundle, or in the source tree. `catalog` throws where there is none: an installation without it is broken. */
export function catalogFile(): CatalogFile {
  let opened: Catalog | undefined;
  const cost = { reads: 0, bytes: 0 };
  return {
    catalog: () => {
      opened ??= openCatalog(reader(cost));
      return opened;
    },
    cost: () => cost,
  };
}

function reader(cost: { reads: number; bytes: number }): (offset: number, length: number) => Uint8Array {
  const places = [join(__dirname, 'data', 'catalog.bin'), join(__dirname, '..', '..', 'data', 'catalog.bin')];
  const path = places.find((place) => existsSync(place));
  if (path === undefined) throw new Error(`the catalog is missing: there is no ${places[0]}`);
  const descriptor = openSync(path, 'r');
  return (offset, length) => {
    const bytes = new Uint8Array(length);
    const count = readSync(descriptor, bytes, 0, length, offset);
    cost.reads++;
    cost.bytes += count;
    return bytes.subarray(0, count);
  };
}
