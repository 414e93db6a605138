// The page of a question: views of its answer.

import { addViews } from "./results";

const section = document.getElementById("answer");
if (section) addViews(section);
