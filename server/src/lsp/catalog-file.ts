/** Opens the catalog that lies beside the bundle. Keeps one file descriptor and reads parts of it when they are asked for. */
import { openSync, readSync } from 'node:fs';
import { type Catalog, openCatalog } from '../catalog/catalog.ts';

/** The catalog in that file; one without services, and a line to `log`, where it cannot be opened. */
export function catalogIn(file: string, log: (line: string) => void): Catalog {
  try {
    const descriptor = openSync(file, 'r');
    return openCatalog((offset, length) => readPart(descriptor, offset, length, log));
  } catch (error) {
    log(`The catalog ${file} cannot be opened, so actions and resources are not checked: ${String(error)}`);
    return openCatalog(() => new Uint8Array(0));
  }
}

function readPart(descriptor: number, offset: number, length: number, log: (line: string) => void): Uint8Array {
  try {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, offset));
  } catch (error) {
    log(`The catalog cannot be read: ${String(error)}`);
    return new Uint8Array(0);
  }
}
