import { mount } from 'svelte'
import App from './App.svelte'
import './app.css'
import { speak } from './lib/language'

const target = document.getElementById('app')
if (!target) throw new Error('the page has no #app')
// Before the first component, which reads its words once. No await: with one in
// the entry, what it shares with other chunks is split into many more.
void speak().then(() => mount(App, { target }))
