import { chromium } from 'playwright-core';
import { mkdirSync } from 'node:fs';
const out='/tmp/eyes/shots/'; mkdirSync(out,{recursive:true});
const base='http://127.0.0.1:20500';
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox',...(process.env.GL?['--use-angle=swiftshader','--enable-unsafe-swiftshader','--ignore-gpu-blocklist']:['--disable-gpu']),'--disable-background-networking','--disable-component-update','--disable-sync']});
const jobs=JSON.parse(process.argv[2]);
for (const j of jobs) {
  const c=await b.newContext({viewport:{width:j.w??1280,height:j.h??900},colorScheme:j.dark?'dark':'light',javaScriptEnabled:!j.nojs,deviceScaleFactor:j.scale??1});
  const p=await c.newPage();
  try {
    await p.goto(base+j.u,{waitUntil:'load',timeout:30000}); await p.waitForTimeout(j.wait??700);
    if (j.print) await p.emulateMedia({media:'print'});
    const over=await p.evaluate(()=>document.documentElement.scrollWidth-innerWidth);
    if (over>0) console.log('OVERFLOW',j.u,j.w,over);
    const hgt=await p.evaluate(()=>document.documentElement.scrollHeight);
    await p.screenshot({path:out+j.n+'.png',fullPage:!!j.full});
    console.log(j.n,hgt);
  } catch(e){console.log('ERR',j.n,e.message.slice(0,200));}
  await c.close();
}
await b.close();
