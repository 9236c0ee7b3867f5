// For editors and for `npx cucumber-js --dry-run`; `scrim run` loads the same steps in its own process.
export default { import: ["steps/*.ts"], paths: ["features/**/*.feature"], publishQuiet: true };
