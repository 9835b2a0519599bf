// Brings the words of the pages behind the first ones. Each module that reads
// them imports this, so that they are there before it; a test sees to that.
// Another language's words are all there already: it comes whole.

import { spoken } from './language'
import { fill } from './strings'
import { desk } from './strings/en/desk'

if (spoken.language === 'en') fill(desk)
