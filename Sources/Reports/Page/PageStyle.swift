/// The page's style. Every colour has a mark or a word beside it; print opens nothing and hides nothing that was open.
/// What a picture uses from elsewhere on the page is found by its class alone, without what stands around it there.
/// A picture that is wider than the screen has a shade at the edge behind which it goes on.
/// A mark has its word for those who hear the page: the text after the stroke in `content`.
enum PageStyle {
    /// - Parameter schemes: The columns of the comparison table; on a narrow screen each cell says its own.
    static func css(schemes: [String]) -> String {
        let names = schemes.enumerated().map { index, scheme in
            ".cmp td:nth-child(\(index + 2))::after{content:\"\(HTMLText.anchor(scheme))\"}"
        }
        return css.replacing("/*names*/", with: names.joined())
    }

    private static let css = """
        :root{--bg:#faf9f5;--card:#fff;--fg:#1c2127;--mut:#59616d;--line:#dcd8cd;--link:#174f9c;--soft:#f1efe8;--kept:#17683b;--broken:#a8201a;--weak:#7d5200;--measured:#2c4f8f;--absent:#616872;--untested:#6d3492;--okbg:#e9f4ec;--nobg:#fbeae8;--bar:#9db4d6}
        @media (prefers-color-scheme:dark){:root{--bg:#13161a;--card:#1a1f25;--fg:#e7e9ec;--mut:#a6afbb;--line:#343b45;--link:#8dbcff;--soft:#20262d;--kept:#6ad69a;--broken:#ff938a;--weak:#f2c464;--measured:#9cc0ff;--absent:#a3acb8;--untested:#d9adf7;--okbg:#16291e;--nobg:#331b1a;--bar:#48648f}}
        *{box-sizing:border-box}
        html{scroll-padding-top:1rem}
        body{margin:0;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;overflow-wrap:break-word}
        header,main,footer{max-width:1360px;margin:0 auto;padding:0 clamp(14px,2.5vw,36px)}
        header{padding-top:2rem}
        .brand{margin:0;font-weight:700;letter-spacing:.14em;text-transform:uppercase;font-size:.8rem;color:var(--mut)}
        h1{font-size:clamp(1.5rem,1.1rem + 2vw,2.4rem);line-height:1.15;margin:.2rem 0 .6rem;text-wrap:balance}
        h2{font-size:1.4rem;margin:2.8rem 0 .5rem;line-height:1.25}
        h3{font-size:1.05rem;margin:1.6rem 0 .3rem}
        p{margin:.35rem 0}
        a{color:var(--link);text-underline-offset:2px}
        a:focus-visible,summary:focus-visible,.bare:focus-visible,.scroll:focus-visible{outline:3px solid var(--link);outline-offset:2px;border-radius:3px}
        code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.84em}
        .skip{position:absolute;left:-999px}.skip:focus{left:8px;top:8px;background:var(--card);padding:.5rem 1rem;z-index:2}
        .lead{font-size:1.08rem;max-width:70ch}
        .sub,.note{color:var(--mut);font-size:.86rem}.note{max-width:88ch}
        .alarm{border-left:5px solid var(--broken);background:var(--nobg);padding:.55rem .9rem;border-radius:4px}
        .vh{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        ul{padding:0;margin:.4rem 0;list-style:none}
        .counts,.legend{display:flex;flex-wrap:wrap;gap:.4rem .9rem;align-items:center}
        .counts li{border:1px solid var(--line);background:var(--card);border-radius:99px;padding:.15rem .8rem;font-size:.92rem}
        .counts li:last-child{border:0;background:none;color:var(--mut);padding-left:0}
        .legend{font-size:.86rem;color:var(--mut)}
        .facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(132px,1fr));gap:.5rem 1.2rem;margin:1rem 0;font-size:.88rem}
        .facts dt{color:var(--mut);font-size:.78rem}.facts dd{margin:0}
        nav{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;border-block:1px solid var(--line);padding:.55rem 0;font-size:.92rem}
        i[class],.counts i{font-style:normal;font-weight:700;font-family:"DejaVu Sans",system-ui,sans-serif}
        i[class]::before,.counts i::before,.cmp td::before,.briefs li::before{display:inline-block;min-width:1.25em}
        .v-pass i::before{content:"●";content:"●"/""}.v-fail i::before{content:"✕";content:"✕"/""}.v-warn i::before{content:"▲";content:"▲"/""}.v-recorded i::before{content:"■";content:"■"/""}.v-inconclusive i::before{content:"◐";content:"◐"/""}.v-not-applicable i::before{content:"○";content:"○"/""}.v-error i::before{content:"!";content:"!"/""}
        i.kept::before,.cmp td.kept::before,.briefs li::before{content:"●";content:"●"/"kept: "}
        i.broken::before,.cmp td.broken::before{content:"✕";content:"✕"/"broken: "}
        i.weak::before,.cmp td.weak::before{content:"▲";content:"▲"/"reason not seen: "}
        i.measured::before,.cmp td.measured::before{content:"■";content:"■"/"measured: "}
        i.absent::before,.cmp td.absent::before{content:"○";content:"○"/""}
        i.untested::before,.cmp td.untested::before{content:"◐";content:"◐"/"undecided: "}
        i.confirmed::before{content:"●";content:"●"/""}i.refuted::before{content:"✕";content:"✕"/""}i.depends::before{content:"◐";content:"◐"/""}i.undecided::before{content:"○";content:"○"/""}
        i.no::before{content:"✕";content:"✕"/"refused: "}
        .cmp td::before,.briefs li::before{font-weight:700;font-family:"DejaVu Sans",system-ui,sans-serif}
        .cmp td.kept::before,.briefs li::before{color:var(--kept)}.cmp td.broken::before{color:var(--broken)}.cmp td.weak::before{color:var(--weak)}.cmp td.measured::before{color:var(--measured)}.cmp td.untested::before{color:var(--untested)}
        i.no{color:var(--broken)}
        .kept{color:var(--kept)}.broken{color:var(--broken)}.weak{color:var(--weak)}.measured{color:var(--measured)}.absent{color:var(--absent)}.untested{color:var(--untested)}
        .v-pass i{color:var(--kept)}.v-fail i,.v-warn i{color:var(--broken)}.v-inconclusive i,.v-error i{color:var(--untested)}.v-recorded i{color:var(--measured)}
        .cards{display:grid;grid-template-columns:repeat(auto-fill,minmax(280px,1fr));gap:.8rem}
        .card{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:.75rem 1rem}
        .card h3{margin:0;font-size:1rem}.card p{margin:.2rem 0}
        .scroll{overflow-x:auto;border:1px solid var(--line);border-radius:8px;background:var(--card);max-width:100%}
        table{border-collapse:collapse;width:100%;font-size:.87rem;line-height:1.38}
        th,td{padding:.5rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
        tbody tr:last-child>*{border-bottom:0}
        thead th{font-weight:600;background:var(--soft)}thead td{background:var(--soft)}
        .cmp thead th[scope=colgroup]{color:var(--mut);font-weight:500;border-left:1px solid var(--line);font-size:.8rem;padding-bottom:.1rem;border-bottom:0}
        .cmp{min-width:1240px;table-layout:fixed;font-size:.82rem}.cmp th,.cmp td{padding-inline:.4rem}.cmp thead td{width:7.4rem}
        .cmp td{color:var(--fg);border-left:1px solid var(--line);overflow-wrap:anywhere;hyphens:auto;padding-bottom:.8rem;background-image:linear-gradient(var(--bar),var(--bar));background-position:0 100%;background-size:var(--w,0) 4px;background-repeat:no-repeat}
        .cmp td.absent{background-color:var(--soft);color:var(--mut);font-size:.8rem}
        .cmp td.broken{background-color:var(--nobg)}
        .cmp thead th[scope=col]{font-size:.7rem;letter-spacing:-.03em}
        .cmp tbody th{font-weight:600;position:sticky;left:0;z-index:1;background:var(--card);box-shadow:1px 0 var(--line)}.cmp tbody th a{color:inherit;text-decoration-style:dotted;text-decoration-color:var(--mut)}
        @media screen and (min-width:1320px){#table .scroll{overflow:visible;border-radius:0}.cmp thead tr:last-child th{position:sticky;top:0;z-index:2}}
        .cmp tbody th .sub{display:block;font-weight:400;font-size:.78rem}
        .cmp td a{color:inherit;text-decoration-color:var(--mut);text-decoration-thickness:1px}
        .cmp td a:hover{color:var(--link)}
        .plain th[scope=row]{width:15rem;font-weight:600}
        .claims .o{white-space:nowrap}.claims th[scope=rowgroup]{font-weight:600;width:13rem}
        .o-confirmed{color:var(--kept)}.o-refuted{color:var(--broken)}.o-depends{color:var(--weak)}.o-undecided{color:var(--absent)}
        figure{margin:.6rem 0}figcaption{font-size:.86rem;color:var(--mut);max-width:88ch}
        figcaption h3{color:var(--fg);margin:1.6rem 0 .2rem}.key{white-space:nowrap;margin-left:.7em}
        svg{display:block;width:100%;height:auto;font:11px system-ui,"DejaVu Sans",sans-serif}
        svg text{fill:var(--fg)}.tick{fill:var(--mut);text-anchor:middle;font-size:10px}.lane{text-anchor:end}
        .bare{overflow-x:auto}.plot{max-width:820px}.win{overflow:visible;max-width:560px;margin:.2rem 0 .5rem}
        .grid{stroke:var(--line)}.ax{stroke:var(--mut);fill:none}
        .s0,.s1,.s2,.s3{stroke-width:3;stroke-opacity:.45}
        .s0{stroke:var(--measured)}.s1{stroke:var(--kept)}.s2{stroke:var(--weak)}.s3{stroke:var(--untested)}
        .m0{fill:var(--measured);color:var(--measured)}.m1{fill:var(--kept);color:var(--kept)}.m2{fill:var(--weak);color:var(--weak)}.m3{fill:var(--untested);color:var(--untested)}
        .col{fill:var(--bar)}.spread{stroke:var(--fg);stroke-width:1.5;fill:none}
        .ev{stroke:var(--fg);stroke-width:1.5}.exp{stroke:var(--mut);stroke-dasharray:3 3}
        .band{fill:var(--bar);fill-opacity:.35;stroke:var(--measured);stroke-width:1.5}
        .ok{stroke:var(--kept);stroke-width:7;stroke-linecap:round;fill:none}.no{stroke:var(--broken);stroke-width:2;fill:none}.gone{stroke:var(--mut);stroke-width:5;stroke-linecap:square}
        .story{margin-top:1.4rem}.story>h3{margin-bottom:0}.teaches{max-width:80ch}
        details{border:1px solid var(--line);border-radius:8px;background:var(--card);margin:.35rem 0}
        summary{cursor:pointer;padding:.45rem .8rem}summary:hover{background:var(--soft)}
        details[open]>summary{border-bottom:1px solid var(--line)}
        summary .sub{margin-left:.6em}
        .body{padding:.5rem .9rem .8rem}
        .ruled :target,.ruled>:target,.body:target{outline:2px solid var(--link);outline-offset:2px;border-radius:6px}
        .steps{font-size:.82rem;min-width:900px}.steps td{white-space:nowrap;color:var(--mut);font-variant-numeric:tabular-nums}.steps th[scope=row]{font-weight:400;width:34%}.steps th .sub{display:block}.steps code{color:var(--mut)}
        .ruled>li{padding:.16rem 0}.ruled details{margin:0}.ruled summary{padding:.2rem .6rem}.ruled span{margin-left:.7em}.ruled span.sub{margin-left:0}
        .ruled{font-size:.9rem}.ruled.sub{font-size:.82rem}
        .again{font-size:.86rem;color:var(--mut)}.again code{color:var(--fg);background:var(--soft);padding:.1rem .4rem;border-radius:4px}
        .wireline{font-family:ui-monospace,"DejaVu Sans Mono",monospace;font-size:.8rem;margin:0}
        pre{margin:.2rem 0;padding:.5rem .6rem;background:var(--soft);border-radius:6px;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.45}
        .pair pre b{user-select:none}
        .pair span.a{background:var(--okbg)}.pair span.b{background:var(--nobg)}.pair span.a,.pair span.b{display:inline-block;width:100%;border-radius:3px}
        .pair span.a b{color:var(--kept)}.pair span.b b{color:var(--broken)}
        mark{background:var(--nobg);color:var(--broken);font-weight:600;padding:0 .3em;border-radius:3px}
        .answers{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(300px,100%),1fr));gap:.6rem}
        .answers>div{border-left:4px solid var(--kept);padding-left:.5rem;min-width:0}.answers>.b{border-color:var(--broken)}.answers>.ok{border-color:var(--kept)}
        .answers p{font-size:.88rem}
        footer{color:var(--mut);font-size:.86rem;margin-top:3rem;padding-bottom:2rem}
        @media (max-width:760px){
        .cmp,.cmp tbody,.cmp tr,.cmp th,.cmp td{display:block;min-width:0;width:auto}
        .cmp thead{display:none}.cmp tbody th{position:static;background:var(--soft);border-bottom:1px solid var(--line)}
        .cmp td{border-left:0;padding-left:8.6rem;position:relative;min-height:2.2rem}
        /*names*/.cmp td::after{position:absolute;left:.6rem;top:.5rem;width:7.6rem;font-size:.76rem;color:var(--mut);overflow-wrap:anywhere}
        .claims,.claims tbody,.claims tr,.claims td,.claims th[scope=rowgroup]{display:block;width:auto}.claims thead{display:none}.claims tr{border-bottom:1px solid var(--line);padding:0 0 .5rem}.claims td{border:0;padding:.1rem .7rem}.claims th{background:var(--soft);margin-bottom:.4rem}
        .plain th[scope=row]{width:8rem}
        .win{font-size:14px}.tick{font-size:12.5px}
        summary .sub{display:block;margin:0}.bare .plot{min-width:560px}
        .bare{background:linear-gradient(90deg,var(--bg) 40%,transparent) 0 0/2.5rem 100% no-repeat local,linear-gradient(270deg,var(--bg) 40%,transparent) 100% 0/2.5rem 100% no-repeat local,linear-gradient(90deg,var(--bar),transparent) 0 0/.8rem 100% no-repeat,linear-gradient(270deg,var(--bar),transparent) 100% 0/.8rem 100% no-repeat}}
        @page{size:landscape;margin:11mm}@media print{html{font-size:11px}body{background:#fff;font-size:1rem}nav,.skip{display:none}.scroll{overflow:visible;border:0}.cmp,.cmp td,.cmp th,.cmp td.absent{min-width:0;font-size:8px}.cmp tr,details{break-inside:avoid-page}h2,h3{break-after:avoid-page}a{color:inherit}th,td{padding:.2rem .25rem}}
        """
}
