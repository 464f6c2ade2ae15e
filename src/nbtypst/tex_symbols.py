"""Names of TeX's signs and the characters that they are."""

from __future__ import annotations

import re


def _set(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SIGNS = """
alpha α beta β gamma γ delta δ epsilon ϵ varepsilon ε zeta ζ eta η theta θ vartheta ϑ iota ι kappa κ varkappa ϰ lambda
λ mu μ nu ν xi ξ omicron ο pi π varpi ϖ rho ρ varrho ϱ sigma σ varsigma ς tau τ upsilon υ phi ϕ varphi φ chi χ psi ψ
omega ω digamma ϝ Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Upsilon Υ Phi Φ Psi Ψ Omega Ω hbar ℏ hslash ℏ ell
ℓ wp ℘ Re ℜ Im ℑ aleph ℵ beth ℶ gimel ℷ partial ∂ nabla ∇ infty ∞ infin ∞ imath ı jmath ȷ complement ∁ forall ∀ exists
∃ nexists ∄ neg ¬ lnot ¬ emptyset ∅ varnothing ∅ top ⊤ bot ⊥ angle ∠ measuredangle ∡ triangle △ square □ Box □
blacksquare ■ Diamond ◇ lozenge ◊ bigstar ★ star ⋆ clubsuit ♣ diamondsuit ♢ heartsuit ♡ spadesuit ♠ sharp ♯ flat ♭
natural ♮ checkmark ✓ dagger † ddagger ‡ S § P ¶ copyright © degree ° circledR ® yen ¥ pounds £ prime ′ backprime ‵
surd √ eth ð mho ℧ maltese ✠ blacktriangle ▴ triangledown ▽ bigtriangleup △ bigtriangledown ▽ pm ± mp ∓ times × div ÷
cdot ⋅ centerdot ⋅ ast ∗ circ ∘ bullet ∙ cap ∩ cup ∪ uplus ⊎ sqcap ⊓ sqcup ⊔ vee ∨ lor ∨ wedge ∧ land ∧ setminus ∖
smallsetminus ∖ wr ≀ diamond ⋄ oplus ⊕ ominus ⊖ otimes ⊗ oslash ⊘ odot ⊙ bigcirc ◯ amalg ⨿ ltimes ⋉ rtimes ⋊ bowtie ⋈
dotplus ∔ boxplus ⊞ boxminus ⊟ boxtimes ⊠ boxdot ⊡ intercal ⊺ Cap ⋒ Cup ⋓ curlywedge ⋏ curlyvee ⋎ lt < gt > le ≤ leq ≤
leqslant ⩽ ge ≥ geq ≥ geqslant ⩾ ll ≪ gg ≫ lll ⋘ ggg ⋙ ne ≠ neq ≠ equiv ≡ sim ∼ simeq ≃ approx ≈ approxeq ≊ cong ≅
doteq ≐ propto ∝ varpropto ∝ asymp ≍ prec ≺ succ ≻ preceq ⪯ succeq ⪰ subset ⊂ supset ⊃ subseteq ⊆ supseteq ⊇ subsetneq
⊊ supsetneq ⊋ nsubseteq ⊈ nsupseteq ⊉ sqsubset ⊏ sqsupset ⊐ sqsubseteq ⊑ sqsupseteq ⊒ in ∈ isin ∈ notin ∉ ni ∋ owns ∋
mid ∣ nmid ∤ parallel ∥ nparallel ∦ perp ⟂ vdash ⊢ dashv ⊣ models ⊨ vDash ⊨ Vdash ⊩ nvdash ⊬ lesssim ≲ gtrsim ≳
lessgtr ≶ gtrless ≷ leqq ≦ geqq ≧ nless ≮ ngtr ≯ nleq ≰ ngeq ≱ coloneqq ≔ coloneq ≔ eqqcolon ≕ triangleq ≜ therefore ∴
because ∵ smile ⌣ frown ⌢ ncong ≇ nsim ≁ lnot ¬ trianglelefteq ⊴ trianglerighteq ⊵ vartriangleleft ⊲ vartriangleright
⊳ between ≬ pitchfork ⋔ backsim ∽ Subset ⋐ Supset ⋑ leftarrow ← gets ← rightarrow → to → leftrightarrow ↔ uparrow ↑
downarrow ↓ updownarrow ↕ Leftarrow ⇐ Rightarrow ⇒ Leftrightarrow ⇔ Uparrow ⇑ Downarrow ⇓ Updownarrow ⇕ implies ⟹
impliedby ⟸ iff ⟺ mapsto ↦ longmapsto ⟼ longleftarrow ⟵ longrightarrow ⟶ longleftrightarrow ⟷ Longleftarrow ⟸
Longrightarrow ⟹ Longleftrightarrow ⟺ hookleftarrow ↩ hookrightarrow ↪ nearrow ↗ searrow ↘ swarrow ↙ nwarrow ↖
rightharpoonup ⇀ rightharpoondown ⇁ leftharpoonup ↼ leftharpoondown ↽ rightleftharpoons ⇌ leftrightharpoons ⇋ leadsto
⇝ rightsquigarrow ⇝ nrightarrow ↛ nleftarrow ↚ twoheadrightarrow ↠ twoheadleftarrow ↞ rightleftarrows ⇄
leftrightarrows ⇆ rightarrowtail ↣ curvearrowright ↷ curvearrowleft ↶ circlearrowright ↻ circlearrowleft ↺
upharpoonright ↾ multimap ⊸ nRightarrow ⇏ nLeftarrow ⇍ sum ∑ prod ∏ coprod ∐ int ∫ intop ∫ iint ∬ iiint ∭ oint ∮ oiint
∯ oiiint ∰ bigcap ⋂ bigcup ⋃ bigsqcup ⨆ bigvee ⋁ bigwedge ⋀ bigodot ⨀ bigoplus ⨁ bigotimes ⨂ biguplus ⨄ ldots … dots …
dotsc … dotsb ⋯ dotsm ⋯ dotsi ⋯ dotso … cdots ⋯ vdots ⋮ ddots ⋱ colon : lbrace { rbrace } lbrack [ rbrack ] langle ⟨
rangle ⟩ lceil ⌈ rceil ⌉ lfloor ⌊ rfloor ⌋ vert | Vert ‖ lvert | rvert | lVert ‖ rVert ‖ backslash \\ llbracket ⟦
rrbracket ⟧ lgroup ⟮ rgroup ⟯ ulcorner ⌜ urcorner ⌝ llcorner ⌞ lrcorner ⌟ lmoustache ⎰ rmoustache ⎱ arrowvert |
Arrowvert ‖ R ℝ N ℕ Z ℤ Q ℚ C ℂ reals ℝ Reals ℝ natnums ℕ cnums ℂ Complex ℂ empty ∅ exist ∃ and ∧ or ∨ alefsym ℵ bull
∙ euro € aa å AA Å ae æ AE Æ oe œ OE Œ o ø O Ø ss ß l ł L Ł Finv Ⅎ Game ⅁ Bbbk 𝕜 diagup ╱ diagdown ╲ thetasym ϑ
And & ldotp . cdotp ⋅ lparen ( rparen ) bracevert ⎪ divsymbol ÷ smallint ∫ triangleleft ◃ triangleright ▹ backepsilon ∍
backsimeq ⋍ barwedge ⊼ blacklozenge ⧫ blacktriangledown ▾ blacktriangleleft ◂ blacktriangleright ▸ bumpeq ≏ Bumpeq ≎
circeq ≗ circledast ⊛ circledcirc ⊚ circleddash ⊝ circledS Ⓢ curlyeqprec ⋞ curlyeqsucc ⋟ daleth ℸ dashleftarrow ⇠
dashrightarrow ⇢ divideontimes ⋇ Doteq ≑ doteqdot ≑ doublebarwedge ⩞ doublecap ⋒ doublecup ⋓ downdownarrows ⇊
downharpoonleft ⇃ downharpoonright ⇂ eqcirc ≖ eqsim ≂ eqslantgtr ⪖ eqslantless ⪕ fallingdotseq ≒ gggtr ⋙ gnapprox ⪊
gneq ⪈ gneqq ≩ gvertneqq ≩ gnsim ⋧ gtrapprox ⪆ gtrdot ⋗ gtreqless ⋛ gtreqqless ⪌ iiiint ⨌ Join ⨝ leftarrowtail ↢
leftleftarrows ⇇ leftrightsquigarrow ↭ leftthreetimes ⋋ lessapprox ⪅ lessdot ⋖ lesseqgtr ⋚ lesseqqgtr ⪋ lhd ⊲ rhd ⊳
unlhd ⊴ unrhd ⊵ Lleftarrow ⇚ Rrightarrow ⇛ llless ⋘ lnapprox ⪉ lneq ⪇ lneqq ≨ lvertneqq ≨ lnsim ⋦ looparrowleft ↫
looparrowright ↬ Lsh ↰ Rsh ↱ nleftrightarrow ↮ nLeftrightarrow ⇎ nprec ⊀ nsucc ⊁ npreceq ⋠ nsucceq ⋡ nshortmid ∤
nshortparallel ∦ ntriangleleft ⋪ ntrianglelefteq ⋬ ntriangleright ⋫ ntrianglerighteq ⋭ nvDash ⊭ nVdash ⊮ nVDash ⊯
precapprox ⪷ preccurlyeq ≼ precnapprox ⪹ precneqq ⪵ precnsim ⋨ precsim ≾ succapprox ⪸ succcurlyeq ≽ succnapprox ⪺
succneqq ⪶ succnsim ⋩ succsim ≿ restriction ↾ rightrightarrows ⇉ rightthreetimes ⋌ risingdotseq ≓ shortmid ∣
shortparallel ∥ smallfrown ⌢ smallsmile ⌣ sphericalangle ∢ subseteqq ⫅ subsetneqq ⫋ supseteqq ⫆ supsetneqq ⫌
varsubsetneq ⊊ varsubsetneqq ⫋ varsupsetneq ⊋ varsupsetneqq ⫌ thickapprox ≈ thicksim ∼ upharpoonleft ↿ upuparrows ⇈
vartriangle △ veebar ⊻ Vvdash ⊪ bigtimes ⨉ dblcolon ∷ ordinarycolon : centercolon : notChar ⧸ MTThinColon : Coloneqq ⩴
eqcolon ∹
micro µ ohm Ω perthousand ‰ tripledash ┄ longrightleftharpoons ⇌ longleftrightarrows ⇄ longRightleftharpoons ⇌
longLeftrightharpoons ⇋
"""
GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lamda mu nu xi omicron pi rho sigma tau upsilon phi chi"
    " psi omega"
)  # as Unicode spells them
_PAIRS = _SIGNS.split()
SIGNS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
_TEXT_SIGNS = """
acutedbl ˝ asciiacute ´ asciibreve ˘ asciicaron ˇ asciicircum ^ asciidieresis ¨ asciimacron ¯ asciitilde ~
asteriskcentered ∗ backslash \\ baht ฿ bar | bardbl ‖ bigcircle ◯ blank ␢ born ★ braceleft { braceright } brokenbar ¦
bullet • celsius ℃ cent ¢ centoldstyle ¢ circledP ℗ colonmonetary ₡ copyleft 🄯 copyright © currency ¤ dagger †
daggerdbl ‡ degree ° died † discount ⁒ div ÷ divorced ⚮ dollar $ dollaroldstyle $ dong ₫ downarrow ↓ eightoldstyle 8
ellipsis … emdash — endash – estimated ℮ euro € exclamdown ¡ fiveoldstyle 5 florin ƒ fouroldstyle 4 fractionsolidus ⁄
gravedbl ˵ greater > guarani ₲ interrobang ‽ interrobangdown ⸘ langle ⟨ lbrackdbl ⟦ leftarrow ← less < lira ₤ lnot ¬
lquill ⁅ married ⚭ mho ℧ minus − mu µ musicalnote ♪ naira ₦ nineoldstyle 9 numero № ohm Ω onehalf ½ oneoldstyle 1
onequarter ¼ onesuperior ¹ openbullet ◦ ordfeminine ª ordmasculine º paragraph ¶ periodcentered · pertenthousand ‱
perthousand ‰ peso ₱ pm ± questiondown ¿ quotedblleft “ quotedblright ” quoteleft ‘ quoteright ’ rangle ⟩ rbrackdbl ⟧
recipe ℞ referencemark ※ registered ® rightarrow → rquill ⁆ section § servicemark ℠ sevenoldstyle 7 sixoldstyle 6
sterling £ surd √ threeoldstyle 3 threequarters ¾ threesuperior ³ tildelow ˷ times × trademark ™ twooldstyle 2
twosuperior ² underscore _ uparrow ↑ visiblespace ␣ won ₩ yen ¥ zerooldstyle 0
"""
_PAIRS = _TEXT_SIGNS.split()
SIGNS |= {f"text{name}": sign for name, sign in zip(_PAIRS[::2], _PAIRS[1::2], strict=True)}
SIGNS |= {"{": "{", "}": "}", "%": "%", "$": "$", "&": "&", "#": "#", "_": "_", "|": "‖"}

LIMITS = _set("lim limsup liminf sup inf max min det gcd Pr argmax argmin injlim projlim varlimsup varliminf")
FUNCTIONS = LIMITS | _set(
    "sin cos tan cot sec csc sinh cosh tanh coth arcsin arccos arctan exp log ln lg dim ker deg hom arg sgn sign tr Tr"
    " rank diag span Var Cov var cov erf softmax div grad curl"
)
SPACES = {
    ",": "thin", ":": "med", ">": "med", ";": "thick", "!": "#h(-0.1667em)", " ": "space", "quad": "quad",
    "qquad": "quad quad", "enspace": "#h(0.5em)", "enskip": "#h(0.5em)", "thinspace": "thin", "medspace": "med",
    "thickspace": "thick", "negthinspace": "#h(-0.1667em)", "~": "space", "nobreakspace": "space", "space": "space",
    "negmedspace": "#h(-0.2222em)", "negthickspace": "#h(-0.2778em)",
}  # fmt: skip
STYLES = {
    "mathbb": "bb", "Bbb": "bb", "mathcal": "cal", "mathscr": "scr", "mathfrak": "frak", "mathsf": "sans",
    "mathtt": "mono", "mathbf": "upright bold", "mathrm": "upright", "mathit": "italic", "mathnormal": "italic",
    "boldsymbol": "bold", "bm": "bold", "pmb": "bold", "symbf": "upright bold", "mathup": "upright", "symup": "upright",
    "mathbfit": "bold", "mathbfup": "upright bold", "mathbfcal": "bold cal", "mathbffrak": "bold frak",
    "mathbfscr": "bold scr", "mathbfsf": "bold sans", "mathbfsfup": "bold sans", "mathbfsfit": "italic bold sans",
    "mathsfup": "sans", "mathsfit": "italic sans", "symnormal": "italic", "bbFont": "bb", "mathds": "bb",
    "mathbbm": "bb", "frak": "frak", "operator": "upright",
}  # fmt: skip
STYLES |= {
    f"sym{name.removeprefix('math')}": how
    for name, how in STYLES.items()
    if re.fullmatch("math(bb|cal|scr|frak|sf|tt|rm|it|bf).*", name)
}
SWITCHES = {
    "rm": "upright", "bf": "upright bold", "it": "italic", "cal": "cal", "tt": "mono", "sf": "sans", "frak": "frak",
    "scr": "scr", "displaystyle": "display", "textstyle": "inline", "scriptstyle": "script",
    "scriptscriptstyle": "sscript", "boldmath": "bold", "mit": "italic", "Bbb": "bb", "oldstyle": "",
    **dict.fromkeys(["Tiny", "tiny", "scriptsize", "small", "normalsize", "large", "Large", "LARGE", "huge", "Huge"],
    ""),
}  # fmt: skip
TEXTS = {
    "text": "", "mbox": "", "hbox": "", "textrm": "", "textnormal": "", "textup": "", "textbf": "bold",
    "textit": "italic", "textsf": "sans", "texttt": "mono", "emph": "italic", "fbox": "box", "textmd": "",
    "intertext": "", "shortintertext": "", "tag": "", "tag*": "",
}  # fmt: skip
ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "macron", "overline": "overline",
    "underline": "underline", "underbar": "underline", "vec": "arrow", "overrightarrow": "arrow",
    "overleftarrow": "arrow.l", "dot": "dot", "ddot": "dot.double", "dddot": "dot.triple", "ddddot": "dot.quad",
    "check": "caron", "widecheck": "caron", "breve": "breve", "acute": "acute", "grave": "grave", "mathring": "circle",
    "cancel": "cancel", "bcancel": "cancel", "xcancel": "cancel", "sout": "cancel", "overleftrightarrow": "arrow.l.r",
    "overparen": "overparen", "underparen": "underparen", "boxed": "box", "fbox": "box", "overbrace": "overbrace",
    "underbrace": "underbrace", "overbracket": "overbracket", "underbracket": "underbracket", "phantom": "phantom",
    "hphantom": "hphantom", "vphantom": "vphantom", "smash": "same", "mathop": "limits", "mathbin": "same",
    "mathrel": "same", "mathord": "same", "mathopen": "same", "mathclose": "same", "mathpunct": "same",
    "mathinner": "same", "ensuremath": "same", "bbox": "same",
    **{f"{how}{side}lap": f"{side}lap" for how in ("", "math", "cramped") for side in "rlc"}, "abs": "abs",
    "norm": "norm", "ket": "ket", "bra": "bra",
    "braket": "braket", "set": "set", "Set": "set", "Bra": "bra", "Ket": "ket", "Braket": "braket",
    "not": "not", "limits": "same", "centernot": "not", "cramped": "same", "vcenter": "same", "shoveleft": "same",
    "shoveright": "same", "mathmbox": "same",
}  # fmt: skip
EXTENSIBLE = {
    "xrightarrow": "→", "xleftarrow": "←", "xleftrightarrow": "↔", "xRightarrow": "⇒", "xLeftarrow": "⇐",
    "xLeftrightarrow": "⇔", "xmapsto": "↦", "xlongequal": "=", "xhookrightarrow": "↪", "xhookleftarrow": "↩",
    "xrightleftharpoons": "⇌", "xleftrightharpoons": "⇋",
    "xRightleftharpoons": "⇌", "xLeftrightharpoons": "⇋", "xrightharpoonup": "⇀", "xrightharpoondown": "⇁",
    "xleftharpoonup": "↼", "xleftharpoondown": "↽", "xtofrom": "⇄", "xtwoheadrightarrow": "↠", "xtwoheadleftarrow": "↞",
}  # fmt: skip
BIG = {"big": "1.2em", "Big": "1.8em", "bigg": "2.4em", "Bigg": "3em"}
MATRICES = {
    "matrix": "", "pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖", "array": "",
    "smallmatrix": "", "cases": "{.", "dcases": "{.", "rcases": ".}", "drcases": ".}", "subarray": "",
    "crampedsubarray": "", "psmallmatrix": "()", "bsmallmatrix": "[]",
    "Bsmallmatrix": "{}", "vsmallmatrix": "||", "Vsmallmatrix": "‖‖", "numcases": "",
}  # fmt: skip
LINES = _set(
    "equation align gather multline eqnarray alignat flalign aligned gathered alignedat split multlined"
    " displaymath math"
    " flaligned lgathered rgathered xalignat xxalignat spreadlines"
)
NOT = {"=": "≠", "∈": "∉", "≡": "≢", "⊂": "⊄", "⊆": "⊈", "∃": "∄", "∼": "≁", "≈": "≉", "<": "≮", ">": "≯", "∣": "∤",
       "→": "↛", "⊃": "⊅", "≤": "≰", "≥": "≱", "∥": "∦", "≅": "≇"}  # fmt: skip
IGNORED = _set(
    "limits nolimits displaylimits nonumber notag mathstrut strut relax allowbreak nobreak break null left. right."
    " scriptstyle allowdisplaybreaks noindent centering label! hfill hfil hfilll newline! protect"
    " nonscript SkipLimits adjustlimits MTFlushSpaceAbove MTFlushSpaceBelow"
)

# What is short for something else: how many arguments, and the words.
SHORT = {
    "colonapprox": (0, r":\approx"), "Colonapprox": (0, r"\dblcolon\approx"), "colonsim": (0, r":\sim"),
    "Colonsim": (0, r"\dblcolon\sim"), "Coloneq": (0, r"\dblcolon-"), "Eqcolon": (0, r"-\dblcolon"),
    "Eqqcolon": (0, r"=\dblcolon"), "celsius": (0, r"\degree\mathrm{C}"), "idotsint": (0, r"\int\cdots\int"),
    "ndownarrow": (0, r"\not\downarrow"), "nuparrow": (0, r"\not\uparrow"), "ngeqq": (0, r"\not\geqq"),
    "nleqq": (0, r"\not\leqq"), "ngeqslant": (0, r"\not\geqslant"), "nleqslant": (0, r"\not\leqslant"),
    "nsubseteqq": (0, r"\not\subseteqq"), "nsupseteqq": (0, r"\not\supseteqq"),
    "varinjlim": (0, r"\mathop{\underrightarrow{\mathrm{lim}}}"),
    "varprojlim": (0, r"\mathop{\underleftarrow{\mathrm{lim}}}"),
    "crampedsubstack": (1, r"\substack{#1}"), "hdotsfor": (1, r"\dots"), "textcompwordmark": (0, ""),
    "xmathstrut": (1, ""), "pod": (1, r"\quad(#1)"), "splitfrac": (2, r"{#1\atop#2}"),
    "splitdfrac": (2, r"{#1\atop#2}"),
    "vdotswithin": (1, r"\vdots"), "shortvdotswithin": (1, r"\vdots"), "mathtip": (2, "{#1}"), "texttip": (2, "{#1}"),
    "cancelto": (2, r"\cancel{#2}^{#1}"), "overunderset": (3, r"\overset{#1}{\underset{#2}{#3}}"),
    "underleftarrow": (1, r"\underset{\longleftarrow}{#1}"), "underrightarrow": (1, r"\underset{\longrightarrow}{#1}"),
    "underleftrightarrow": (1, r"\underset{\longleftrightarrow}{#1}"), "centerOver": (2, r"\overset{#2}{#1}"),
    "fcolorbox": (3, r"\fbox{#3}"), "toggle": (1, "{#1}"), "Ketbra": (2, r"\ket{#1}\bra{#2}"),
    "ketbra": (2, r"\ket{#1}\bra{#2}"), "textllap": (1, r"\llap{\text{#1}}"),
    "textrlap": (1, r"\rlap{\text{#1}}"), "textclap": (1, r"\clap{\text{#1}}"),
    **{f"var{name}": (0, rf"\mathit{{\{name}}}")
       for name in ["Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi", "Omega"]},
}  # fmt: skip
_LETTERS = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi"
    " psi omega varepsilon vartheta varpi varrho varsigma varphi"
)
SHORT |= {f"up{name}": (0, rf"\mathrm{{\{name}}}") for name in _LETTERS.split()}
SHORT |= {
    f"Up{name}": (0, rf"\mathrm{{\{name.capitalize()}}}")
    for name in ("gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega")
}
# Groups that are tables in TeX's own words, as in ``\matrix{a & b \cr c & d}``.
GROUPED = dict(displaylines="gather", eqalign="aligned", eqalignno="align", leqalignno="align", cases="cases",
               matrix="matrix", pmatrix="pmatrix")  # fmt: skip
