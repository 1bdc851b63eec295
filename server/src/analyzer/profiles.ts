/** Profiles: what the user's shared AWS files name, without anything that is secret. */
import { loadSharedConfigFiles } from '@smithy/core/config';

/** A profile by its name, with its Region where it sets one. */
export interface Profile {
  readonly name: string;
  readonly region?: string;
}

/** The profiles of `~/.aws/config` and `~/.aws/credentials`, in order of name. */
export async function sharedProfiles(): Promise<readonly Profile[]> {
  const { configFile, credentialsFile } = await loadSharedConfigFiles({ ignoreCache: true });
  // What is no profile has its kind before its name: `sso-session.work`.
  const own = Object.keys(configFile).filter((name) => !/^(sso-session|services)\./.test(name));
  const names = [...new Set([...own, ...Object.keys(credentialsFile)])].sort();
  return names.map((name) => {
    const region = configFile[name]?.region ?? credentialsFile[name]?.region;
    return region === undefined ? { name } : { name, region };
  });
}
