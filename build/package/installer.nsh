; What electron-builder's installer for Windows does besides.

; This folder is on every user's PATH since Windows 10.
!define COMMAND "$LOCALAPPDATA\Microsoft\WindowsApps\keyvigil.cmd"

!macro customInstall
  FileOpen $0 "${COMMAND}" w
  FileWrite $0 '@"$INSTDIR\resources\bin\keyvigil.cmd" %*$\r$\n'
  FileClose $0
!macroend

!macro customUnInstall
  ; An update removes the old version first.
  ${ifNot} ${isUpdated}
    Delete "${COMMAND}"
    ; electron-builder's uninstaller makes itself silent after its first question. Was it started so?
    ${GetParameters} $R0
    ClearErrors
    ${GetOptions} $R0 "/S" $R1
    ${if} ${Errors}
      MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "Delete your accounts, settings and saved passwords too?" IDNO keep
      RMDir /r "$APPDATA\${PRODUCT_NAME}"
      keep:
    ${endIf}
  ${endIf}
!macroend
