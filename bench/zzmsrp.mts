import { moveRaw, moveMessage } from "./msrp.ts";
const which = process.argv[2];
for (let i=0;i<5;i++){ if(which!=="msrp") console.log("raw", await moveRaw(256*1024*1024)); if(which!=="raw")console.log("msrp", await moveMessage(256*1024*1024)); }
