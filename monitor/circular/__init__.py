"""The 通报 of a supervising office (政务公开主管部门): a draft as DOCX and a worksheet as XLSX, from what was judged.

scope: which agencies · judging: what is found of each at a moment · selection: the `Circular` (pure) · draft: its text in
blocks (pure) · letter: DOCX · sheets, worksheet: XLSX · files: both written whole or not at all.
"""
