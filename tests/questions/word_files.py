"""Word files made from the body alone, so that a sample shows what it is about and nothing else."""

import io
import zipfile

SPACES = " ".join(f'xmlns:{name}="urn:{name}"' for name in ("w", "mc", "wps", "v", "o", "a", "r", "m"))
NUMBERING = """
<w:abstractNum w:abstractNumId="0">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1、"/><w:pStyle w:val="Question"/></w:lvl>
 <w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%2."/><w:pStyle w:val="Choice"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="1">
 <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
</w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>
"""
STYLES = """
<w:style w:type="paragraph" w:styleId="Question"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Choice"><w:basedOn w:val="Question"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
<w:style w:type="character" w:styleId="Right"><w:rPr><w:color w:val="FF0000"/></w:rPr></w:style>
"""


def packed(parts):
    """A zip of named parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def word(body):
    """A .docx with this body, three lists and three styles."""
    return packed(
        {
            "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
            "word/numbering.xml": f"<w:numbering {SPACES}>{NUMBERING}</w:numbering>",
            "word/styles.xml": f"<w:styles {SPACES}>{STYLES}</w:styles>",
        }
    )
