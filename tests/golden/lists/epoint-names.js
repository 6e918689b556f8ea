var siteInfo = {"siteGuid":"99999999-9041-43ad-8e13-8fcb82ea0000","projectName":"/EWB-FRONT","webVersion":"5.0","vname":"/slxweb","tempVersion":"20200630144301"}
if (!window.webbuilder) {
    window.webbuilder = {};
}
function checkJson(custom) { return typeof custom == 'string' ? $.parseJSON(custom) : custom; }
