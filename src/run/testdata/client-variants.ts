/** Clients that conform, and are not the reference. */
import { inEveryForm } from "./alterations.ts";
import type { ClientVariant } from "./variants.ts";
import { byContact, identities, inCompany, registering, starred, twoContacts } from "./client-addresses.ts";
import { cpim, lists, otherDocuments, partial } from "./client-documents.ts";

const REGISTERING = [
  "features/general/5.2",
  "features/general/F",
  "features/general/5.1-client",
  "features/B.7.1",
];

export const clientVariants: readonly ClientVariant[] = [
  {
    name: "registers as phones do, and writes its lists in another structure",
    role: "client",
    alterations: [...registering, ...lists],
    noted: ["5.2.1-0"],
  },
  {
    name: "ends all bindings, and tells little",
    role: "client",
    alterations: starred,
    warned: ["8.1.1-5c"],
    // Whether `service-id` is right shows only where it stands.
    unreached: ["E.2-p1a"],
  },
  {
    name: "says how long it registers by Contact",
    role: "client",
    alterations: byContact,
    places: REGISTERING,
    noted: ["5.2.3-3b"],
  },
  { name: "registers two Contacts", role: "client", alterations: twoContacts, places: REGISTERING },
  { name: "writes its identities in other forms", role: "client", alterations: identities },
  {
    name: "writes CPIM, reports and settings in other forms, and late",
    role: "client",
    alterations: [...cpim, ...otherDocuments],
    unreached: ["E.2-p1a"],
  },
  {
    name: "publishes what has changed",
    role: "client",
    alterations: partial,
    places: ["features/B.7.1", "features/general/E"],
    noted: ["E.2-t3-1"],
  },
  { name: "writes its headers in other forms", role: "client", alterations: [inEveryForm()] },
  { name: "sends everything twice, and has company", role: "client", alterations: inCompany() },
];
