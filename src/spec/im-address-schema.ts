import { z } from "zod";

export const imAddress = z.string().min(1).meta({ description: "A URI: sip, sips or tel" });
