"""The 通报 of a supervising office (政务公开主管部门): a draft as DOCX and a worksheet as XLSX, from what is judged.

scope: which agencies · judging: what is found of each at a moment · selection: the `Circular` (pure) · phrases: the words
of both files (pure) · draft, tables: the text in blocks (pure) · styles, letter: DOCX · sheets: rows (pure) · worksheet:
XLSX · files: both written whole or not at all.
"""
