/** Where the locations of the scenarios of pager mode begin. */
export const PAGER_MODE = ["features/B.3", "features/B.7", ...["5.1", "5.2", "5.3", "5.4", "6.1.1.1", "8", "11", "14.3", "E", "F"].map((clause) => `features/general/${clause}`)];
