/**
 * How the page looks: light and dark as the reader has it, light on paper. States differ in sign, lightness and pattern, not in hue
 * alone; each text has a contrast of 4.5 or more with what is behind it.
 */
export const style = `
:root{color-scheme:light dark;--page:#fbfaf8;--card:#fff;--ink:#1d2327;--soft:#5b6468;--line:#dedad3;--bar:#2f7f86;--pale:#a9cdd0;--late:#c2570c;--grid:#ece9e3;
--complete:#d3ece4;--complete-ink:#0d5c46;--repaired:#cfe1fa;--repaired-ink:#123f86;--stripe:#b4cff4;--empty:#efede8;--empty-ink:#5f605c;--waiting:#fff;--waiting-ink:#5b6468;--gap:#f9cf58;--gap-ink:#3d2c00;--gap-stripe:#eeb92a;--deleted:#a3182c;--deleted-ink:#fff;--differs:#e6cdf0;--differs-ink:#571878;--unknown:#32373b;--unknown-ink:#fff;--well:#0d6b50;--look:#a3182c}
@media screen and (prefers-color-scheme:dark){:root{--page:#14181b;--card:#1c2226;--ink:#e8eaeb;--soft:#a5b0b5;--line:#343d42;--bar:#5fb8bf;--pale:#2f6468;--late:#ff9a4d;--grid:#2a3237;
--complete:#17433a;--complete-ink:#9fe3cb;--repaired:#1d3c6b;--repaired-ink:#c4dcff;--stripe:#27508c;--empty:#2a3136;--empty-ink:#b1babe;--waiting:#1c2226;--waiting-ink:#a5b0b5;--gap:#e0ac24;--gap-ink:#241a00;--gap-stripe:#c9941a;--deleted:#d64457;--deleted-ink:#1a0004;--differs:#58307a;--differs-ink:#ecd6ff;--unknown:#e3e6e8;--unknown-ink:#14181b;--well:#7fd8b8;--look:#ff8c99}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0 auto;max-width:1080px;padding:36px 24px 88px;background:var(--page);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;font-variant-numeric:tabular-nums}
h1{font-size:30px;line-height:1.15;letter-spacing:-.015em;margin:2px 0 6px}
h2{font-size:20px;letter-spacing:-.01em;margin:44px 0 10px}
h3{font-size:16px;margin:28px 0 4px}
p{margin:6px 0 12px;max-width:78ch}
code{font:.92em ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.where{margin:0;color:var(--soft);overflow-wrap:anywhere}
.span{margin:0 0 14px;font-size:17px}.span span{color:var(--soft);font-size:14px;margin-left:8px}
.verdict{font-size:17px;padding:10px 14px;border-left:4px solid var(--well);background:var(--card);border-radius:0 8px 8px 0;max-width:none}
.verdict.look{border-color:var(--look)}.verdict.look strong{color:var(--look)}.verdict.well strong{color:var(--well)}
.calm,.hint{color:var(--soft)}
dl{margin:0}dd{margin:0}dt{color:var(--soft)}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(168px,1fr));gap:10px;margin:20px 0}
.tiles div{background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px;display:flex;flex-direction:column;justify-content:space-between}
.tiles dt{font-size:13.5px;line-height:1.35}.tiles dd{font-size:25px;font-weight:600;letter-spacing:-.02em;line-height:1.3}.tiles small{font-size:13px;font-weight:400;color:var(--soft);letter-spacing:0}
.sign{display:inline-grid;place-items:center;width:19px;height:19px;border-radius:4px;font:700 12px/1 system-ui,sans-serif;font-style:normal;border:1px solid transparent;vertical-align:middle;position:relative;top:-1px;background:var(--card);border-color:var(--line)}
td.complete,.sign.complete{background:var(--complete);color:var(--complete-ink)}
td.repaired,.sign.repaired{background:repeating-linear-gradient(135deg,var(--repaired) 0 4px,var(--stripe) 4px 6px);color:var(--repaired-ink)}
td.empty,.sign.empty{background:var(--empty);color:var(--empty-ink)}
td.waiting,.sign.waiting{background:var(--waiting);color:var(--waiting-ink);outline:1px dashed var(--soft);outline-offset:-2px}
td.gap,.sign.gap{background:repeating-linear-gradient(45deg,var(--gap) 0 5px,var(--gap-stripe) 5px 7px);color:var(--gap-ink)}
td.deleted,.sign.deleted{background:var(--deleted);color:var(--deleted-ink)}
td.differs,.sign.differs{background:var(--differs);color:var(--differs-ink)}
td.unknown,.sign.unknown{background:var(--unknown);color:var(--unknown-ink)}
.sign.complete,.sign.repaired,.sign.empty,.sign.gap,.sign.deleted,.sign.differs,.sign.unknown{border-color:transparent}
.attention{border:1px solid var(--line);border-radius:10px;background:var(--card);padding:4px 18px 8px;margin:16px 0}
.attention h2{margin:10px 0 4px;font-size:17px}.attention ul{margin:0 0 8px;padding:0;list-style:none}.attention li{overflow-wrap:anywhere;padding:5px 0;border-top:1px solid var(--line)}.attention li:first-child{border-top:0}.attention span{color:var(--soft)}
summary{cursor:pointer;padding:6px 0;color:var(--soft)}summary h3{display:inline;margin:0 10px 0 0;color:var(--ink)}
.legend{list-style:none;display:flex;flex-wrap:wrap;gap:6px 18px;margin:4px 0 10px;padding:0;font-size:13.5px}
.months{display:flex;flex-direction:column;gap:18px;margin:14px 0 22px;overflow-x:auto;padding:2px}
table{border-collapse:collapse;font-size:13.5px}
caption{text-align:left;font-weight:600;font-size:15px;padding:2px 0 5px}
.month{border-collapse:separate;border-spacing:2px;table-layout:fixed;width:100%;min-width:860px}
.month caption{padding-left:2px}
.month thead th{font-weight:400;font-size:11.5px;color:var(--soft);padding:0;text-align:center}.month .log{width:150px}.month .weekend{color:var(--ink);font-weight:700}
.month tbody th{font-weight:500;text-align:left;padding:0 6px 0 0;overflow-wrap:anywhere;line-height:1.2}
.month td{height:25px;border-radius:4px;text-align:center;font-weight:700;font-size:12.5px;padding:0}
.month td:focus{outline:3px solid var(--ink);outline-offset:1px}
.scroll{overflow-x:auto;margin:8px 0 14px}
.scroll table{background:var(--card);border:1px solid var(--line);border-radius:8px;min-width:60%}
.scroll th,.scroll td{padding:5px 11px;border-top:1px solid var(--line);text-align:right;white-space:nowrap;font-weight:400}
.scroll thead th{color:var(--soft);border-top:0;vertical-align:bottom}.scroll tbody th{font-weight:600;text-align:left}.scroll thead th:first-child{text-align:left}
.numbers td:nth-child(2),.numbers thead th:nth-child(2),.numbers td:nth-child(4),.numbers thead th:nth-child(4){text-align:left}
.numbers td:nth-child(2){white-space:normal;min-width:170px}
.sums thead th{white-space:normal;font-size:12px;line-height:1.25}.sums th,.sums td{padding:5px 8px}.sums .sign{display:grid;margin:0 0 3px auto}
.findings td{text-align:left;white-space:normal}.findings td:nth-child(2){white-space:nowrap}.findings thead th{text-align:left}.findings td:nth-child(3){min-width:260px}.findings td:nth-child(4){min-width:200px}
.charts{display:grid;gap:14px}
figure{margin:0;background:var(--card);border:1px solid var(--line);border-radius:10px;padding:10px 14px 6px;min-width:0}
figcaption{color:var(--soft);font-size:13.5px;margin-bottom:2px}figcaption b{color:var(--ink);font-size:15px;margin-right:8px}
.chart{display:block;overflow:hidden}
.grid,.base{stroke:var(--grid);fill:none;vector-effect:non-scaling-stroke}.base{stroke:var(--soft)}
.bars{fill:var(--bar)}.counted{fill:var(--pale)}.late{fill:url(#stripes)}.stripe{fill:var(--late)}.under{fill:var(--card)}
.band{opacity:.35}.band.gap{fill:var(--gap)}.band.deleted{fill:var(--deleted)}.band.differs{fill:var(--differs-ink)}.band.unknown{fill:var(--unknown)}
svg .sign{fill:var(--ink);top:0;font:700 12px system-ui,sans-serif;text-anchor:middle;paint-order:stroke;stroke:var(--card);stroke-width:3px}.tick{fill:var(--soft);font:12px system-ui,sans-serif}
.account{border-top:1px solid var(--line);margin-top:20px}
.how div{padding:6px 0;border-top:1px solid var(--line);display:grid;grid-template-columns:230px 1fr;gap:16px}.how dt{color:var(--ink);font-weight:600}
footer{margin-top:44px;border-top:1px solid var(--line);color:var(--soft);font-size:13.5px}
button{font:inherit;color:var(--ink);background:var(--card);border:1px solid var(--soft);border-radius:6px;padding:3px 10px;cursor:pointer}
:focus-visible{outline:3px solid var(--bar);outline-offset:2px}
#line{position:fixed;inset:auto 0 0 0;margin:0;max-width:none;padding:10px 24px;background:var(--ink);color:var(--page);font-size:14px;box-shadow:0 -2px 14px #0004}#line[hidden]{display:none}#line b{margin-right:4px}
.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media (max-width:640px){body{padding:20px 14px 88px}h1{font-size:25px}.how div{grid-template-columns:1fr;gap:0}.span span{display:block;margin:0}}
@page{size:A4;margin:13mm 11mm}
@media print{:root{color-scheme:light}body{max-width:none;padding:0;font-size:10.5pt;background:#fff}*{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.unprinted{display:none!important}h1{font-size:20pt}h2{font-size:14pt;margin-top:9mm;break-after:avoid}h3,caption{break-after:avoid}
.month{min-width:0;border-spacing:1px;font-size:8pt}.month .log{width:31mm}.month thead th{font-size:7pt}.month td{height:5mm;font-size:8pt;border-radius:2px}.months{overflow:visible;gap:4mm}
.scroll{overflow:visible}.scroll th,.scroll td{padding:1mm 1.4mm;font-size:8pt}.numbers td,.numbers th{padding:.6mm 1mm;font-size:7pt;white-space:normal}.findings code{font-size:7pt}.sums thead th span{display:none}.sums .sign{margin:0 0 0 auto}.findings td:nth-child(3),.findings td:nth-child(4){min-width:0}
.tiles{grid-template-columns:repeat(4,1fr);gap:2.5mm}.tiles dd{font-size:16pt}.legend{font-size:9pt;gap:1mm 4mm}
.month,figure,tr,.tiles div,.how div,.attention li{break-inside:avoid}details:not([open]){display:none}summary{list-style:none}summary::-webkit-details-marker{display:none}}
`;
