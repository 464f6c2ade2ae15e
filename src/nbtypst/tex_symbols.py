"""Names of TeX's signs and the characters that they are."""

from __future__ import annotations


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
"""
_PAIRS = _SIGNS.split()
SIGNS = dict(zip(_PAIRS[::2], _PAIRS[1::2], strict=True))
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
}  # fmt: skip
STYLES = {
    "mathbb": "bb", "Bbb": "bb", "mathcal": "cal", "mathscr": "scr", "mathfrak": "frak", "mathsf": "sans",
    "mathtt": "mono", "mathbf": "upright bold", "mathrm": "upright", "mathit": "italic", "mathnormal": "italic",
    "boldsymbol": "bold", "bm": "bold", "pmb": "bold", "symbf": "upright bold", "mathup": "upright", "symup": "upright",
    "mathbfit": "bold", "mathds": "bb", "mathbbm": "bb", "frak": "frak", "operator": "upright",
}  # fmt: skip
SWITCHES = {
    "rm": "upright", "bf": "upright bold", "it": "italic", "cal": "cal", "tt": "mono", "sf": "sans", "frak": "frak",
    "scr": "scr", "displaystyle": "display", "textstyle": "inline", "scriptstyle": "script",
    "scriptscriptstyle": "sscript", "boldmath": "bold", "mit": "italic", "Bbb": "bb",
}  # fmt: skip
TEXTS = {
    "text": "", "mbox": "", "hbox": "", "textrm": "", "textnormal": "", "textup": "", "textbf": "bold",
    "textit": "italic", "textsf": "sans", "texttt": "mono", "emph": "italic", "fbox": "box", "textmd": "",
    "intertext": "", "shortintertext": "", "verb": "mono", "tag": "", "tag*": "",
}  # fmt: skip
ACCENTS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "macron", "overline": "overline",
    "underline": "underline", "underbar": "underline", "vec": "arrow", "overrightarrow": "arrow",
    "overleftarrow": "arrow.l", "dot": "dot", "ddot": "dot.double", "dddot": "dot.triple", "ddddot": "dot.quad",
    "check": "caron", "widecheck": "caron", "breve": "breve", "acute": "acute", "grave": "grave", "mathring": "circle",
    "cancel": "cancel", "bcancel": "cancel", "xcancel": "cancel", "sout": "cancel", "overleftrightarrow": "arrow.l.r",
    "overparen": "overparen", "underparen": "underparen", "boxed": "box", "fbox": "box", "overbrace": "overbrace",
    "underbrace": "underbrace", "overbracket": "overbracket", "underbracket": "underbracket", "phantom": "phantom",
    "hphantom": "phantom", "vphantom": "nothing", "smash": "same", "mathop": "limits", "mathbin": "same",
    "mathrel": "same", "mathord": "same", "mathopen": "same", "mathclose": "same", "mathpunct": "same",
    "mathinner": "same", "ensuremath": "same", "rlap": "same", "llap": "same", "mathrlap": "same", "mathllap": "same",
    "clap": "same", "mathclap": "same", "bbox": "same", "abs": "abs", "norm": "norm", "ket": "ket", "bra": "bra",
    "braket": "braket", "ketbra": "same", "set": "set", "Set": "set", "Bra": "bra", "Ket": "ket", "Braket": "braket",
    "Tiny": "same", "tiny": "same", "large": "same", "Large": "same", "small": "same", "not": "not", "limits": "same",
}  # fmt: skip
EXTENSIBLE = {
    "xrightarrow": "→", "xleftarrow": "←", "xleftrightarrow": "↔", "xRightarrow": "⇒", "xLeftarrow": "⇐",
    "xLeftrightarrow": "⇔", "xmapsto": "↦", "xlongequal": "=", "xhookrightarrow": "↪", "xrightleftharpoons": "⇌",
}  # fmt: skip
BIG = {"big": "1.2em", "Big": "1.8em", "bigg": "2.4em", "Bigg": "3em"}
MATRICES = {
    "matrix": "", "pmatrix": "()", "bmatrix": "[]", "Bmatrix": "{}", "vmatrix": "||", "Vmatrix": "‖‖", "array": "",
    "smallmatrix": "", "cases": "{.", "dcases": "{.", "rcases": ".}", "drcases": ".}", "subarray": "",
}  # fmt: skip
LINES = _set(
    "equation align gather multline eqnarray alignat flalign aligned gathered alignedat split multlined"
    " displaymath math"
    " flaligned"
)
NOT = {"=": "≠", "∈": "∉", "≡": "≢", "⊂": "⊄", "⊆": "⊈", "∃": "∄", "∼": "≁", "≈": "≉", "<": "≮", ">": "≯", "∣": "∤",
       "→": "↛", "⊃": "⊅", "≤": "≰", "≥": "≱", "∥": "∦", "≅": "≇"}  # fmt: skip
IGNORED = _set(
    "limits nolimits displaylimits nonumber notag mathstrut strut relax allowbreak nobreak break null left. right."
    " scriptstyle allowdisplaybreaks noindent centering label! hfill hfil newline! protect"
)
