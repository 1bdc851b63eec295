/** Describing: which actions only list things or tell what a thing is, without handing out what it holds. By level and name; sets of bits, computed once. */
import { andNot, type Bits, bitsWhere, hasBit, isEmpty, or } from '../catalog/bits.ts';
import type { Service } from '../catalog/service.ts';
import type { Actions } from './facts.ts';

/** Only actions that list, or tell what a resource is without its contents: their levels and names say so. */
export function onlyDescribes({ service, bits }: Actions): boolean {
  return isEmpty(andNot(bits, describing(service)));
}

/** Those actions of a service. */
export function describing(service: Service): Bits {
  return or(service.levels.List, telling(service));
}

const TELLING = new WeakMap<Service, Bits>();

/** The actions of a service that only tell something; computed once. */
function telling(service: Service): Bits {
  const bits =
    TELLING.get(service) ??
    bitsWhere(service.names.length, (index) => {
      const name = service.names[index] ?? '';
      return tellsByName(name) || (hasBit(service.levels.Read, index) && !handsOut(name));
    });
  TELLING.set(service, bits);
  return bits;
}

/** `DescribeCluster`, `GetRole`, `GetBucketLocation`, whatever level AWS gives them; and what an instance tells of itself. */
function tellsByName(name: string): boolean {
  if (name === 'UpdateInstanceInformation') return true;
  return /^(Check|Describe|List|Validate|View)/.test(name) || (/^(BatchGet|Get)/.test(name) && !CONTENTS.test(name));
}

/** Whether an action that AWS calls reading hands out what is kept in the resource, or uses it: `Scan`, `GitPull`, `InvokeModel`; not `SearchTables` or `DetectStackDrift`. */
function handsOut(name: string): boolean {
  return CONTENTS.test(name) || USES.test(name);
}

/** `GetObject`, `GetSecretValue`, `GetFunction` (with its code): the answer is the contents. */
const CONTENTS =
  /^(Batch)?Get(\w*(Credential|Password|Presigned|Token)|Artifact|Blob$|Clip|CommandInvocation|Content|Document|Download|Federat|File|Folder|Function$|Image$|Item|Key$|Layer|Media|Message|Object($|Version$|Torrent)|Package|Parameter|Raw|Record|Secret|Shard|SnapshotBlock|Value)/;

const USES =
  /^(Access|Assume|Authenticate|BatchRead|Chat|Client|Create|Download|ES|Execute|Export(Certificate|Notebook)|GET|GitPull|Invoke|PartiQL|Pass|Query($|Objects|TableRows|Vectors)|Read(Data|From|Resource)|Receive|Retrieve$|Sample|Scan|Select|Stream|Subscribe|Unmask|Use)/;
