/** The classes' colours as part of the theme: figures on paper have them too, so that they stand in the contract. */
export { classColour, colouredSymbols } from "../../contract/domain/class-colours.ts";
