; A minimal installer around build/package/installer.nsh. It defines what electron-builder's installer would define.
Unicode true
Name Keyvigil
OutFile "${OUTPUT}"
InstallDir "$LOCALAPPDATA\Programs\keyvigil"
RequestExecutionLevel user
!include LogicLib.nsh
!include FileFunc.nsh
!define PRODUCT_NAME Keyvigil
!define isUpdated '"$R9" == "--updated"'
!include "../../build/package/installer.nsh"

Section
  !insertmacro customInstall
  WriteUninstaller "$INSTDIR\Uninstall Keyvigil.exe"
SectionEnd

Section Uninstall
  !insertmacro customUnInstall
SectionEnd
