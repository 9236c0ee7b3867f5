export function compiledProject(root: string): Promise<string | undefined>;
