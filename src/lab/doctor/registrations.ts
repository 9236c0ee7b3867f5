/** Whether each user of the pool can register, and the server under test takes it when the core tells it so (5.3). */
import type { PooledUser, SutFile } from "../../spec/sut-file.ts";
import type { Exchange, ScenarioTrace } from "../../trace/scenario-trace.ts";
import { toOf } from "../../wire/sip/headers.ts";
import { sameAddressOfRecord } from "../../wire/sip/uri.ts";
import type { ScenarioLab } from "../scenario-lab.ts";
import { ask, messageOf, traceOf, type Examination } from "./examination.ts";

const SOME_AT_A_TIME = 8;

/** Gives whether scenarios will find users that are registered. */
export async function examineRegistrations(examination: Examination): Promise<boolean> {
  const [first, ...others] = registrable(examination.sutFile);
  if (first === undefined) {
    examination.findings.problem(
      "registration",
      "the pool has no ordinary user",
      "Add users without properties to users.",
    );
    return false;
  }
  // One alone first: where that one is not answered, the others would each wait as long.
  if (!(await examineSome([first], examination))) return false;
  let good = true;
  for (let at = 0; at < others.length; at += SOME_AT_A_TIME)
    good = (await examineSome(others.slice(at, at + SOME_AT_A_TIME), examination)) && good;
  if (good)
    examination.findings.ok(
      "registration",
      `${others.length + 1} users register${tells(examination.sutFile) ? ", and the server takes the third-party REGISTER of each" : ""}`,
    );
  return true;
}

/** Ordinary ones first. The user of a client under test registers by itself. */
function registrable({ users, client }: SutFile): readonly PooledUser[] {
  return users
    .filter(({ impu, properties }) => impu !== client?.user && !properties.includes("unregistered"))
    .sort((a, b) => a.properties.length - b.properties.length);
}

function tells({ server }: SutFile): boolean {
  return server?.thirdPartyRegister === true;
}

async function examineSome(users: readonly PooledUser[], examination: Examination): Promise<boolean> {
  const results = await ask(examination, "server", "users register", async (lab) => {
    const errors = await Promise.all(users.map((user, index) => registerOne(lab, `User${index}`, user)));
    const trace = traceOf(lab, examination);
    return users.map((user, index) => tellOne(user, errors[index], trace, examination));
  });
  return results?.every(Boolean) ?? false;
}

async function registerOne(
  lab: ScenarioLab,
  name: string,
  { impu }: PooledUser,
): Promise<string | undefined> {
  try {
    await lab.arrange.register(name, { impu });
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

function tellOne(
  user: PooledUser,
  error: string | undefined,
  trace: ScenarioTrace,
  { sutFile, findings }: Examination,
): boolean {
  const { impu, properties } = user;
  if (error !== undefined) {
    findings.problem(
      "registration",
      `${impu} cannot register with the core: ${error}`,
      sutFile.core.kind === "external"
        ? `Create the subscriber ${impu} at the core, with the impi and the password that it has in users.`
        : `Check the entry of ${impu} in users: impi, password, and core.digest.`,
    );
    return false;
  }
  if (!tells(sutFile) || properties.includes("remote")) return true;
  const told = thirdPartyRegister(trace, impu);
  if (told === undefined && sutFile.core.kind === "external") {
    findings.problem(
      "registration",
      `the core does not tell that ${impu} is registered`,
      `Let the core send third-party REGISTER to sip:${sutFile.core.advertised}:${sutFile.core.port} for users of the IM service, or say thirdPartyRegister: false in server.`,
    );
    return false;
  }
  const status = told?.final?.message.status;
  if (status !== undefined && status < 300) return true;
  // Whether one without authority may register is the server's to say.
  if (status !== undefined && properties.length > 0) return true;
  if (status === undefined)
    findings.problem(
      "registration",
      `the server does not answer the third-party REGISTER of ${impu} (5.3)`,
      "Let the server take REGISTER requests from core.advertised, or say thirdPartyRegister: false in server.",
    );
  else
    findings.problem(
      "registration",
      `the server answers the third-party REGISTER of ${impu} with ${status}`,
      `Create the subscriber ${impu} at the server, or take it out of users.`,
    );
  return false;
}

function thirdPartyRegister(trace: ScenarioTrace, impu: string): Exchange | undefined {
  return trace
    .exchanges({ method: "REGISTER", way: "to-sut" })
    .find(({ request }) => sameAddressOfRecord(toOf(request.message)?.uri ?? "", impu));
}
