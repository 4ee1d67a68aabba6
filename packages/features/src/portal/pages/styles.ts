import type { BrandColors } from '@turnpike/core/brand-colors.js';

/** The one style sheet of the portal, sent within each page: a phone that is not online yet fetches nothing twice. */
export function portalStyles({ fill, onFill, inkLight, inkDark }: BrandColors): string {
  return `:root{color-scheme:light dark;--fill:${fill};--on:${onFill};--ink:${inkLight};
--ground:#eef1f4;--card:#fff;--text:#151b21;--soft:#4d5963;--line:#d3dae0;--field:#fff;--edge:#7b8894;
--bad:#a3161a;--badground:#fdecec;--good:#12643a;--goodground:#e6f5ec}
@media(prefers-color-scheme:dark){:root{--ink:${inkDark};--ground:#12171b;--card:#1b2126;--text:#edf1f4;--soft:#a9b5bf;
--line:#313a42;--field:#12171b;--edge:#7b8894;--bad:#ffb4b0;--badground:#3a1b1d;--good:#8fdcb0;--goodground:#16301f}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--text);font:1rem/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
-webkit-text-size-adjust:100%;overflow-wrap:anywhere}
a{color:var(--ink)}
:focus-visible{outline:3px solid var(--ink);outline-offset:2px;border-radius:.4rem}
.skip{position:absolute;left:-99rem}.skip:focus{left:1rem;top:.5rem;background:var(--card);padding:.5rem;z-index:1}
.wrap{max-width:30rem;margin:0 auto;padding:0 1rem}
.top{background:var(--fill);color:var(--on)}
.top .wrap{display:flex;align-items:center;gap:.75rem;min-height:4rem;padding-top:.5rem;padding-bottom:.5rem}
.top svg{flex:none}
.brand{color:inherit;text-decoration:none;font-weight:700;font-size:1.125rem;line-height:1.25;display:flex;align-items:center;gap:.65rem;
min-height:2.75rem}
.lang{margin-left:auto;color:inherit;min-height:2.75rem;display:flex;align-items:center;padding:0 .25rem;white-space:nowrap}
.top :focus-visible{outline-color:var(--on)}
main.wrap{padding-top:1.75rem;padding-bottom:2.25rem}
form+p,.actions+p,form+section{margin-top:1rem}
h1{font-size:1.625rem;line-height:1.2;letter-spacing:-.015em;margin:0 0 .4rem;text-wrap:balance}
h2{font-size:1.0625rem;line-height:1.35;margin:0}
p{margin:0 0 1rem}.lead{color:var(--soft)}.soft{color:var(--soft);font-size:.9375rem}
ul,ol,dl{margin:0;padding:0}ul.plain{list-style:none;display:grid;gap:.75rem;margin:1.25rem 0}
.card{display:block;background:var(--card);border:1px solid var(--line);border-radius:.9rem;padding:1rem 1.1rem;color:inherit;
text-decoration:none}
section.card{margin:1.25rem 0}.card>:last-child{margin-bottom:0}
a.pack:hover{border-color:var(--ink)}
.row{display:flex;gap:.75rem;align-items:baseline;justify-content:space-between}
.price{font-size:1.375rem;font-weight:700;line-height:1.2;white-space:nowrap;color:var(--ink)}
.facts{display:flex;flex-wrap:wrap;gap:.15rem .9rem;color:var(--soft);font-size:.9375rem;list-style:none;margin:.35rem 0 0}
.about{margin:.35rem 0 0;font-size:.9375rem}
.tips{padding-left:1.2rem}.tips li{margin:.35rem 0}
.button,button{display:flex;align-items:center;justify-content:center;width:100%;min-height:3.25rem;padding:.6rem 1.25rem;border:0;
border-radius:.75rem;background:var(--fill);color:var(--on);font:inherit;font-weight:600;text-align:center;text-decoration:none;cursor:pointer}
.button:hover,button:hover{filter:brightness(1.08)}
.pack .button{min-height:2.75rem;margin-top:.85rem}
.quiet{background:transparent;color:var(--ink);border:1px solid var(--edge)}
.small{width:auto;min-height:2.75rem;padding:.4rem .9rem}
.actions{display:grid;gap:.75rem;margin-top:1.25rem}
label{display:block;font-weight:600;margin-bottom:.15rem}
.hint{color:var(--soft);font-size:.9375rem;margin:0 0 .4rem}
input{width:100%;min-height:3.25rem;padding:.6rem .85rem;font:inherit;font-size:1.125rem;color:inherit;background:var(--field);
border:1px solid var(--edge);border-radius:.75rem}
.field{margin-bottom:1.1rem}
input[aria-invalid]{border:2px solid var(--bad)}
.note{border-radius:.75rem;padding:.85rem 1rem;margin:0 0 1.25rem;background:var(--card);border:1px solid var(--line)}
.note.bad{background:var(--badground);color:var(--bad);border-color:transparent}
.note.good{background:var(--goodground);color:var(--good);border-color:transparent}
.steps{list-style:none;counter-reset:s;display:grid;gap:.9rem;margin:1.25rem 0}
.steps li{counter-increment:s;display:grid;grid-template-columns:2rem 1fr;gap:.75rem;align-items:center}
.steps li:before{content:counter(s);display:grid;place-items:center;width:2rem;height:2rem;border-radius:50%;background:var(--fill);
color:var(--on);font-weight:700}
.pulse{height:.3rem;border-radius:1rem;background:var(--line);overflow:hidden;margin:1.5rem 0}
.pulse:before{content:"";display:block;height:100%;width:40%;border-radius:1rem;background:var(--ink);animation:p 1.6s ease-in-out infinite}
@keyframes p{from{transform:translateX(-100%)}to{transform:translateX(350%)}}
@media(prefers-reduced-motion:reduce){.pulse:before{animation:none;width:100%}}
dl.pairs{display:grid;grid-template-columns:auto 1fr;gap:.4rem 1rem;margin:.5rem 0 0}
dt{color:var(--soft)}dd{margin:0;font-weight:600;text-align:right}
.code{font-family:ui-monospace,SFMono-Regular,Menlo,monospace;font-weight:600}
.big{grid-template-columns:1fr 1fr;gap:.75rem}
dl.big div{background:var(--card);border:1px solid var(--line);border-radius:.9rem;padding:.8rem 1rem}
dl.big{display:grid;margin:1.25rem 0}dl.big dd{text-align:left;font-size:1.25rem;line-height:1.3}
.device{display:flex;align-items:center;gap:.75rem;justify-content:space-between}
.tag{display:inline-block;font-size:.8125rem;font-weight:600;padding:.05rem .5rem;border-radius:1rem;background:var(--goodground);
color:var(--good)}
details{border-bottom:1px solid var(--line)}summary{min-height:3rem;padding:.7rem 0;font-weight:600;cursor:pointer}
details p{color:var(--soft)}
.more{border-top:1px solid var(--line)}
.more ul{list-style:none;display:flex;flex-wrap:wrap;gap:0 1.25rem;padding:.75rem 0 1.5rem}
.more a{display:flex;align-items:center;min-height:2.75rem;color:var(--soft)}
@media(max-width:22rem){dl.big{grid-template-columns:1fr}h1{font-size:1.4rem}}`;
}
