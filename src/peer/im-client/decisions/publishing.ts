/** PUBLISH of the service settings, header by header (clause 5.2.4; Appendix E). */
import { IM_TAG, SETTINGS_EVENT, mediaTypes } from "../../im/identifiers.ts";
import type { Body } from "../../im/content.ts";
import type { Settings } from "../../../spec/actions.ts";
import { writeSettings } from "../../../wire/xml/settings.ts";
import type { ImSettings } from "../../../wire/xml/settings.ts";
import type { ClientParts } from "../parts.ts";
import { release } from "./registering.ts";

export const publishing = {
  /** Step 2. */
  requestUri: ({ config }: ClientParts): string => config.imAddress,
  from: ({ config }: ClientParts): string => `<${config.imAddress}>`,
  to: ({ config }: ClientParts): string => `<${config.imAddress}>`,
  /** Step 3. */
  preferredIdentity: ({ config }: ClientParts): string | undefined => `<${config.imAddress}>`,
  /** Step 4. */
  acceptContact: (_client: ClientParts): string | undefined => `*;${IM_TAG}`,
  /** Step 5. */
  userAgent: (client: ClientParts): string | undefined => release(client),
  /** Step 6. */
  event: (_client: ClientParts): string | undefined => SETTINGS_EVENT,
  /** Step 7: as long as the registration. */
  expires: ({ config }: ClientParts): string | undefined => String(config.registrationExpiresS),
  /** RFC 3903 4.1: an update names what it replaces. */
  ifMatch: (_client: ClientParts, entityTag: string | undefined): string | undefined => entityTag,
  /** Step 8: all six settings. */
  settings: (_client: ClientParts, settings: Settings): ImSettings => settings,
  /** E.2: the same in all elements; it may be left out. */
  omitsServiceId: (_client: ClientParts): boolean => false,
  document: (client: ClientParts, settings: Settings): Body => ({
    contentType: mediaTypes.settings,
    bytes: writeSettings({
      entityId: client.entityId,
      settings: client.decisions.publishing.settings(client, settings),
      omitServiceId: client.decisions.publishing.omitsServiceId(client),
    }),
  }),
} as const;
