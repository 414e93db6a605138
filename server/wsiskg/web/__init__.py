"""HTTP: the SPARQL endpoint, linked data, the REST interface, and pages; in rooms that import earlier ones only.

``http`` what HTTP asks of any server; ``languages`` of readers, and addresses of pages; ``access`` who may write;
``serving`` the release being served; ``work`` long work in processes apart; ``protocol`` the SPARQL protocols;
``api`` lists and single things as data; ``reports``; ``resources`` linked data, dumps, descriptions, the catalogue;
``proposals`` checked and published; ``ui`` the pages. ``app`` puts them together.
"""
