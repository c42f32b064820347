import { chromium } from 'playwright-core';
const b=await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox','--use-gl=angle','--use-angle=swiftshader','--enable-unsafe-swiftshader','--ignore-gpu-blocklist','--disable-background-networking','--disable-component-update','--disable-sync']});
const p=await (await b.newContext({viewport:{width:1280,height:900}})).newPage();
p.on('console',m=>console.log('console',m.text())); p.on('pageerror',e=>console.log('err',e.message));
const u='http://127.0.0.1:20500';
await p.goto(u+'/cases?view=map'); await p.mouse.move(600,500); await p.waitForTimeout(4000);
await p.screenshot({path:'/tmp/eyes/shots/gl.png'});
// live filters, back, typed text
await p.goto(u+'/cases'); await p.fill('#q','topsoil'); await p.waitForTimeout(1200); console.log('url',p.url(), await p.textContent('.browse-count'));
await p.click('text=Coal >> nth=0').catch(e=>console.log('noclick',e.message.slice(0,80))); await p.waitForTimeout(800); console.log('url',p.url(), await p.inputValue('#q'), await p.textContent('.browse-count'));
await p.selectOption('#sort',{index:1}); await p.waitForTimeout(800); console.log('url',p.url(), await p.inputValue('#q'));
await p.goBack(); await p.waitForTimeout(800); console.log('back',p.url(), await p.inputValue('#q'), await p.textContent('.browse-count'), await p.inputValue('#sort'));
await p.goBack(); await p.waitForTimeout(800); console.log('back',p.url(), await p.inputValue('#q'), await p.textContent('.browse-count'));
await p.goBack(); await p.waitForTimeout(800); console.log('back',p.url());
await p.goForward(); await p.waitForTimeout(800); console.log('fwd',p.url(), await p.inputValue('#q').catch(()=>''));
// open a case and return
await p.goto(u+'/cases?q=mine&page=2'); const sc=await p.evaluate(()=>{scrollTo(0,1500);return scrollY}); await p.waitForTimeout(300); await p.locator('ul.rows h3 a, ul.rows a').nth(3).click(); await p.waitForTimeout(700); console.log(p.url()); await p.goBack(); await p.waitForTimeout(700); console.log(p.url(), await p.evaluate(()=>scrollY));
// typing in the header search then keyboard
await p.goto(u+'/cases/giant-mine-arsenic'); await p.keyboard.press('Tab'); console.log('tab1',await p.evaluate(()=>document.activeElement.outerHTML.slice(0,120)));
await p.keyboard.press('Enter'); console.log('skip',p.url(), await p.evaluate(()=>document.activeElement.id||document.activeElement.tagName));
await p.keyboard.press('/'); console.log('slash',await p.evaluate(()=>document.activeElement.outerHTML.slice(0,100)));
await b.close();
