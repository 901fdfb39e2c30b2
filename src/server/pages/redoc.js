window.Redoc.init(
  "/openapi.json",
  {
    disableSearch: true,
    hideDownloadButton: true,
    nativeScrollbars: true,
    expandResponses: "200",
    sortPropsAlphabetically: false,
  },
  document.getElementById("redoc"),
);
