; Steps that Keyvigil adds to electron-builder's installer for Windows.

; Since Windows 10, this folder is on every user's PATH.
!define COMMAND "$LOCALAPPDATA\Microsoft\WindowsApps\keyvigil.cmd"

!macro customInstall
  FileOpen $0 "${COMMAND}" w
  FileWrite $0 '@"$INSTDIR\resources\bin\keyvigil.cmd" %*$\r$\n'
  FileClose $0
!macroend

!macro customUnInstall
  ; An update uninstalls the old version first, and must keep the command.
  ${ifNot} ${isUpdated}
    Delete "${COMMAND}"
    ; electron-builder's uninstaller makes itself silent after its first question, so look for /S in its own command line.
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
