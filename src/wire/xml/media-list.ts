/** Media and services, as conditions of access rules and as properties of groups name them (XDM extensions). */
import { attributeOf } from "./access.ts";
import { IM_FEATURE_TAG, IM_FEATURE_TAG_SPELLINGS, isExtension } from "./namespaces.ts";
import type { XmlElement } from "./tree.ts";
import { element } from "./write.ts";
import type { XmlDraft } from "./write.ts";

/** Names of media elements; other names are possible, the schema is open. */
export type Medium =
  | "pager-mode-message"
  | "message-session"
  | "file-transfer"
  | "group-advertisement"
  | "audio"
  | "video"
  | "poc-speech"
  | (string & {});

export interface MediaList {
  readonly media: readonly Medium[];
  /** `all-media-except`: the list is what is left out. */
  readonly allExcept?: boolean;
}

export interface Service {
  /** Value of `enabler` or `featuretag`. Appendix S and 6.1.2.1 use the latter, the XDM schema the former. */
  readonly featureTag: string;
  readonly attribute?: "enabler" | "featuretag";
  readonly media?: MediaList;
}

export interface ServiceList {
  readonly services: readonly Service[];
  /** `all-services-except`: the list is what is left out. */
  readonly allExcept?: boolean;
}

export function readMediaList(list: XmlElement): MediaList {
  const except = list.children.find((child) => child.name === "all-media-except" && isExtension(child));
  const media = (except ?? list).children.filter(isExtension).map((child) => child.name);
  return except === undefined ? { media } : { media, allExcept: true };
}

export function hasMedium(list: MediaList, medium: Medium): boolean {
  return list.media.includes(medium) !== (list.allExcept === true);
}

/** Children for `media-list` or `group-media`. */
export function mediaElements(list: MediaList): readonly XmlDraft[] {
  const media = list.media.map((medium) => element(`oxe:${medium}`));
  return list.allExcept === true ? [element("oxe:all-media-except", {}, ...media)] : media;
}

export function readServiceList(list: XmlElement): ServiceList {
  const except = list.children.find((child) => child.name === "all-services-except" && isExtension(child));
  const services = (except ?? list).children
    .filter((child) => child.name === "service" && isExtension(child))
    .map(readService);
  return except === undefined ? { services } : { services, allExcept: true };
}

export function readService(service: XmlElement): Service {
  const enabler = attributeOf(service, "enabler");
  const media = service.children.find((child) => ["group-media", "media-list", "media"].includes(child.name));
  return {
    featureTag: (enabler ?? attributeOf(service, "featuretag") ?? "").trim(),
    attribute: enabler === undefined ? "featuretag" : "enabler",
    ...(media === undefined ? {} : { media: readMediaList(media) }),
  };
}

/** Whether the list holds the service with that tag; a spelling that the TS prints for the IM service is as good as another. */
export function hasService(list: ServiceList, featureTag: string): boolean {
  return (
    list.services.some((service) => sameTag(service.featureTag, featureTag)) !== (list.allExcept === true)
  );
}

function sameTag(a: string, b: string): boolean {
  return canonicalTag(a) === canonicalTag(b);
}

function canonicalTag(tag: string): string {
  const lower = tag.toLowerCase();
  return IM_FEATURE_TAG_SPELLINGS.includes(lower) ? IM_FEATURE_TAG : lower;
}

/** Children for `service-list` or `supported-services`. */
export function serviceElements(list: ServiceList): readonly XmlDraft[] {
  const services = list.services.map((service) =>
    element(
      "oxe:service",
      { [service.attribute ?? "enabler"]: service.featureTag },
      service.media === undefined
        ? undefined
        : element("oxe:group-media", {}, ...mediaElements(service.media)),
    ),
  );
  return list.allExcept === true ? [element("oxe:all-services-except", {}, ...services)] : services;
}
