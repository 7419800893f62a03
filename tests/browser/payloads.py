"""What people may type who want to run a script in somebody else's browser.

Each calls `alert`, which the tests listen for, in a way that some way of putting text into a page
would let through.
"""

from __future__ import annotations

# Text that becomes markup where it is not escaped.
MARKUP = (
    "<script>alert(1)</script>",
    "<ScRiPt >alert(1)</sCrIpT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script src=data:,alert(1)></script>",
    "<script src=//127.0.0.2:9/x.js></script>",
    "<script type=module>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<img/src=x/onerror=alert(1)//",
    "<img src=//127.0.0.2:9/seen.png>",
    "<svg onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:alert(1)><text y=9>x</text></a></svg>",
    "<math><a href=javascript:alert(1)>x</a></math>",
    "<body onload=alert(1)>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>parent.alert(1)</script>'></iframe>",
    "<object data=javascript:alert(1)></object>",
    "<embed src=javascript:alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<input autofocus onfocus=alert(1)>",
    "<select autofocus onfocus=alert(1)></select>",
    "<video><source onerror=alert(1)></video>",
    "<audio src=x onerror=alert(1)></audio>",
    "<marquee onstart=alert(1)>x</marquee>",
    "<a href=javascript:alert(1) autofocus onfocus=alert(1)>x</a>",
    "<form><button formaction=javascript:alert(1)>x</button></form>",
    "<base href=//127.0.0.2:9/>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<link rel=stylesheet href=//127.0.0.2:9/x.css>",
    "<style>@import '//127.0.0.2:9/x.css';</style>",
    "<div style=background:url(//127.0.0.2:9/seen.png)>x</div>",
    "<p style=animation-name:x onanimationstart=alert(1)>x</p>",
    "<div hx-get=/ hx-trigger=load hx-on::load=alert(1)>x</div>",
    "<div data-hx-on:click=alert(1) hx-vals='js:{a:alert(1)}' hx-trigger=load hx-get=/>x</div>",
    "<template><script>alert(1)</script></template>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[><img src=x onerror=alert(1)>]]>",
)
# Text that ends what stands before it: an attribute, an element, a script.
ENDINGS = (
    '"><script>alert(1)</script>',
    "'><script>alert(1)</script>",
    '" autofocus onfocus=alert(1) x="',
    "' autofocus onfocus=alert(1) x='",
    "x onmouseover=alert(1) autofocus onfocus=alert(1)",
    "</title><script>alert(1)</script>",
    "</textarea><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "</script><script>alert(1)</script>",
    "--><script>alert(1)</script>",
    "'};alert(1);//",
    "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;img src=x onerror=alert(1)&#62;",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "\uff1cscript\uff1ealert(1)\uff1c/script\uff1e",
)
# Templates of ours and of others.
TEMPLATES = (
    "{{ ''.__class__.__mro__ }}{{ 7*7 }}",
    "{% import 'os' as os %}{{ os.popen('id') }}",
    "${alert(1)}#{alert(1)}<%= alert(1) %>",
)
# Addresses that run something when they are followed.
ADDRESSES = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "\x01javascript:alert(1)",
    "javascript://x.example/%0Aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "vbscript:alert(1)",
    "//127.0.0.2:9/elsewhere",
    'https://x.example/" onfocus=alert(1) autofocus x="',
)
# Markdown that could become any of these.
MARKDOWN = (
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&colon;alert(1))",
    "[x](java&#x0A;script:alert(1))",
    "[x](data:text/html,<script>alert(1)</script>)",
    '[x](https://x.example/ "t" onfocus=alert(1) autofocus)',
    "[x](https://x.example/'onfocus=alert(1)'\"onfocus=alert(1)\")",
    "![x](javascript:alert(1))",
    "![x](//127.0.0.2:9/seen.png)",
    '![" onerror=alert(1) x="](x)',
    "<javascript:alert(1)>",
    "[x]: javascript:alert(1)\n\n[x]",
    '```" onfocus=alert(1) autofocus x="\n</code></pre><script>alert(1)</script>\n```',
    "`</code><script>alert(1)</script>`",
    "# </h1><script>alert(1)</script>",
    "| <img src=x onerror=alert(1)> |\n|---|\n| </table><script>alert(1)</script> |",
    "<div>\n\n<script>alert(1)</script>\n\n</div>",
)

PAYLOADS = (*MARKUP, *ENDINGS, *TEMPLATES, *ADDRESSES, *MARKDOWN)
