/** The class colours as part of the theme. They are defined in the contract because exported figures use them too. */
export { classColour, colouredSymbols } from "../../contract/domain/class-colours.ts";
